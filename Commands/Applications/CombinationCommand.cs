using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Applications.Combination;
using FlowRatio.Commands.Arguments;
using FlowRatio.Engine.Compute;

namespace FlowRatio.Commands.Applications;

/// <summary><c>combination</c>: what a second treatment adds to a first, for every pair, against a classifier's log-odds.</summary>
internal static class CombinationCommand
{
    public static Command Create(ICommandHost host)
    {
        var command = new Command(
            "combination", "Estimate log p(x | a, b) - log p(x | a, control) for every pair, and compare with cross-fitted log-odds of classifiers.");
        var cells = new CellArguments(command);
        var first = new Option<string>("--first") { Description = $"Comma-separated columns whose combinations are a; {NameList.Rule}.", Required = true };
        var second = new Option<string>("--second") { Description = "Comma-separated columns whose combinations are b.", Required = true };
        var control = new Option<string>("--control") { Description = "Value of b that is compared with; values of several columns are joined by ' + ', and one that has that itself stands in double quotes.", Required = true };
        Option<int> repeats = ApplicationArguments.ClassifierRepeats();
        foreach (Option option in (Option[])[first, second, control, repeats])
        {
            command.Options.Add(option);
        }

        var application = new ApplicationArguments(command, 3_000, defaultFolds: 2);
        command.SetAction(host.Guard((parsed, cancellation) =>
        {
            var options = new CombinationOptions
            {
                Flow = application.Settings(parsed),
                Classifier = new GroupClassifier { Training = application.Classifier(parsed), Repeats = CommandOptions.AtLeast(parsed, repeats, 1) },
            };
            options.Validate();
            string[] firstColumns = cells.Columns(parsed, parsed.GetRequiredValue(first));
            string[] secondColumns = cells.Columns(parsed, parsed.GetRequiredValue(second));
            (CellTable table, string coordinates) = cells.Read(host, parsed, (first, firstColumns), (second, secondColumns));
            application.RequireOutputs(parsed, cells);
            using ComputeBackend backend = application.CreateBackend(parsed);
            CellCovariate a = table.Joined(firstColumns), b = table.Joined(secondColumns);
            string below = CellArguments.RequireCategory(b, parsed.GetRequiredValue(control), control);
            CombinationResult result = host.Track(
                progress => CombinationRun.Run(table, a, b, below, options, backend, progress, cancellation));
            Dictionary<string, object?> values = ApplicationArguments.Values(parsed, cells.FileName(parsed), coordinates, table);
            var report = new CombinationReport(values, backend.Name, result);
            report.Print(host.Output);
            application.Write(parsed, report.ToJson, () => report.ToPage(table, a, b, below, application.Describe(parsed, values, host.Invocation)));
        }));
        return command;
    }
}
