using System.CommandLine;
using FlowRatio.Applications.Statistics;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reports;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>table</c>: real samples from a text table; the log-ratio is scored by how well it ranks held-out rows.</summary>
internal static class TableCommand
{
    private const int FewestRowsPerCategory = 2;

    public static Command Create()
    {
        var command = new Command("table", "Train on the rows of a CSV file and report the AUC of the log-ratio against the label on held-out rows.");
        var file = new Argument<string>("FILE") { Description = "A .csv or .tsv file with a header, also gzipped." };
        var condition = new Option<string>("--condition") { Description = "Column with the condition of each row.", Required = true };
        var numerator = new Option<string>("--numerator") { Description = "Value of that column above the line.", Required = true };
        var denominator = new Option<string>("--denominator") { Description = "Value of that column below the line.", Required = true };
        var columns = new Option<string?>(Coordinates.Columns) { Description = "Comma-separated columns of the data; * stands for any letters [all columns of numbers]." };
        var heldOut = new Option<double>("--held-out") { Description = "Share of the rows held out for the AUC.", DefaultValueFactory = _ => 0.2 };
        command.Arguments.Add(file);
        command.Options.Add(condition);
        command.Options.Add(numerator);
        command.Options.Add(denominator);
        command.Options.Add(columns);
        var reading = new TableArguments(command);
        command.Options.Add(heldOut);
        var arguments = new FlowArguments(command, "s1,s3,naive", 15_000, [.. RatioMethod.All.Select(method => method.Name)]);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            double share = parsed.GetValue(heldOut);
            if (share is not (> 0 and < 1))
            {
                throw new ArgumentException($"--held-out is {share}; a number in (0, 1) is needed.");
            }

            var experiment = new FlowExperiment(
                RatioMethod.Parse(arguments.Methods(parsed)),
                arguments.Training(parsed),
                arguments.Estimation(parsed),
                parsed.GetRequiredValue(numerator),
                parsed.GetRequiredValue(denominator));
            if (experiment.Numerator == experiment.Denominator)
            {
                throw new ArgumentException($"--numerator and --denominator are both '{experiment.Numerator}'; two values are needed.");
            }

            using TableFile table = reading.Open(parsed, parsed.GetRequiredValue(file));
            string label = parsed.GetRequiredValue(condition);
            Coordinates coordinates = Coordinates.Of(table, CommandOptions.Names(parsed.GetValue(columns), table.Columns), null, null, [label]);
            TrainingSet all = Read(table, label, coordinates.Selection);
            foreach (string line in coordinates.Describe(table))
            {
                Console.Error.WriteLine(line);
            }

            (FileInfo? json, FileInfo? page) = arguments.Outputs(parsed, (file.Name, table.Path));
            using ComputeBackend backend = arguments.CreateBackend(parsed);
            Dictionary<string, object?> options = FlowArguments.Values(parsed);
            options["file"] = Path.GetFileName(table.Path);
            options["columns"] = coordinates.Selection.Columns is { } names ? string.Join(",", names) : coordinates.Selection.ToString();
            ExperimentReport report = ProgressDisplay.Run(
                createBar => Run(all, experiment, share, arguments.Seed(parsed), options, backend, createBar, cancellation));
            ResultTable.Print(report, FlowArguments.Describe(experiment.Estimation));
            if (json is not null)
            {
                report.Write(json.FullName);
            }

            if (page is not null)
            {
                var content = new ExperimentPage(
                    report, FlowArguments.Describe(experiment.Estimation), experiment.Training.Schedule, arguments.CommandLine(parsed, BenchmarkHost.Start));
                content.Create().Write(page.FullName);
            }
        })));
        return command;
    }

    private static TrainingSet Read(TableFile table, string label, PointSelection selection)
    {
        CategoryColumn categories = table.ReadColumn(label).ToCategories();
        if (categories.Rows == 0)
        {
            throw new ArgumentException($"{table.Path}: the table has a header but no rows.");
        }

        int unlabelled = categories.Codes.IndexOf(CategoryColumn.Missing);
        if (unlabelled >= 0)
        {
            throw new TableFormatException(table.Path, $"row {unlabelled + 1}, column '{label}'", "the condition is missing.");
        }

        (float[] points, int dimension) = table.ReadPoints(selection);
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary(label, categories.Categories));
        return new TrainingSet(points, dimension, vocabulary, [categories.Codes.ToArray()]);
    }

    private static ExperimentReport Run(
        TrainingSet all,
        FlowExperiment experiment,
        double share,
        ulong seed,
        Dictionary<string, object?> options,
        ComputeBackend backend,
        Func<string, IStageProgress> createProgress,
        CancellationToken cancellation)
    {
        CovariateVocabulary names = all.Vocabulary.Covariates[0];
        int above = names.IndexOf(experiment.Numerator);
        int below = names.IndexOf(experiment.Denominator);
        RowSplit split = RowSplit.Create(all.Rows, share, seed);
        int[] tested = [.. split.HeldOut.Where(r => all.Categories(0)[r] == above || all.Categories(0)[r] == below)];
        bool[] isNumerator = [.. tested.Select(r => all.Categories(0)[r] == above)];
        foreach ((string name, int count) in ((string, int)[])
                 [
                     (experiment.Numerator, isNumerator.Count(label => label)),
                     (experiment.Denominator, isNumerator.Count(label => !label)),
                 ])
        {
            if (count < FewestRowsPerCategory)
            {
                throw new ArgumentException(
                    $"'{name}' has {count} held-out rows; at least {FewestRowsPerCategory} are needed for an AUC.");
            }
        }

        float[] points = all.Select(tested).Points.ToArray();
        (TrainReport train, IReadOnlyList<MethodReport> methods) = experiment.Run(
            all.Select(split.Kept), points, backend, estimates => Describe(estimates.Values, isNumerator), createProgress, cancellation);
        return new ExperimentReport("table", options, backend.Name, train, methods, new Dictionary<string, object?>
        {
            ["held_out_numerator"] = isNumerator.Count(label => label),
            ["held_out_denominator"] = isNumerator.Count(label => !label),
        });
    }

    private static MethodReport Describe(IReadOnlyList<double> estimates, bool[] isNumerator)
    {
        int[] finite = [.. Enumerable.Range(0, estimates.Count).Where(i => double.IsFinite(estimates[i]))];
        if (finite.Length < estimates.Count && (finite.All(i => isNumerator[i]) || !finite.Any(i => isNumerator[i])))
        {
            throw new InvalidOperationException(
                $"Only {finite.Length} of {estimates.Count} trajectories have a value, all of one class; train longer, or with a lower rate.");
        }

        double auc = RocAuc.Of([.. finite.Select(i => estimates[i])], [.. finite.Select(i => isNumerator[i])]);
        int positives = finite.Count(i => isNumerator[i]);
        return new MethodReport
        {
            Name = string.Empty,
            Auc = auc,
            StdError = RocAuc.StandardError(auc, positives, finite.Length - positives),
            NonFinite = estimates.Count - finite.Length,
            Labelled = [.. finite.Select(i => (estimates[i], isNumerator[i]))],
        };
    }
}
