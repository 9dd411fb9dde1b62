using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FlowRatio.Benchmarks.Accuracy;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reports;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Engine.Compute;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>accuracy</c>: every idea of training alone and together on pairs with a known log-ratio, resumable, with one page of results.</summary>
internal static class AccuracyCommand
{
    private const string Methods = "s1,s3";
    private const int DefaultRepetitions = 3;
    private const int ScatterPoints = 200;

    public static Command Create()
    {
        var command = new Command(
            "accuracy", "Compare sets of ideas, each with the same training, and other methods on pairs with a known log-ratio; resumes after any end.");
        Option<string> tasks = CommandOptions.Word(
            "--tasks", "other", $"Comma-separated: {string.Join(", ", AccuracyTask.All.Select(task => task.Name))}; all, gaussian, other for several.");
        var dimensions = new Option<string?>("--dims") { Description = "Comma-separated dimensions for all pairs [those of the study, different for each pair]." };
        Option<string> variants = CommandOptions.Word(
            "--variants",
            $"{AccuracyVariant.Plain},{AccuracyVariant.Recommended},baselines",
            $"Comma-separated: {string.Join(", ", AccuracyVariant.All.Select(variant => variant.Name))}; all, ideas, baselines for several.");
        Option<int> repetitions = CommandOptions.Number(
            "--repetitions", DefaultRepetitions, "Repetitions, each with its own data, training and probes (seed: 1000 x --seed + repetition).");
        var budget = new Option<double?>("--budget")
        {
            Description = "Stop before the first cell that begins after so many seconds; the same command goes on from there.",
        };
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder of finished cells, summary.json and report.html; run again with the same folder to go on.",
            DefaultValueFactory = _ => new DirectoryInfo("accuracy"),
        };
        foreach (Option option in (Option[])[tasks, dimensions, variants, repetitions, budget, output])
        {
            command.Options.Add(option);
        }

        var arguments = new ExperimentArguments(
            command, "both classes together (mi: the numerator)", new ExperimentOptions { Methods = MethodSelection.Parse(Methods) }, isGrid: true, hasPaper: false);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            ExperimentOptions options = arguments.Options(parsed, given => given) with { ScatterPoints = ScatterPoints };
            if (options.Methods.Flow.Count == 0 || options.Methods.Flow.Count < options.Methods.Names.Count)
            {
                throw new ArgumentException("--methods names ways to use the flow; other methods are --variants.");
            }

            options.Validate();
            if (parsed.GetValue(budget) is { } seconds && !(seconds > 0))
            {
                throw new ArgumentException($"--budget is {seconds}; a positive number of seconds is needed.");
            }

            int count = CommandOptions.AtLeast(parsed, repetitions, 1);
            if (count > ReproductionGrid.MostRepetitions)
            {
                throw new ArgumentException($"--repetitions is {count}; at most {ReproductionGrid.MostRepetitions} are possible.");
            }

            using ComputeBackend backend = arguments.CreateBackend(parsed);
            var grid = new AccuracyGrid(
                AccuracyTask.Parse(parsed.GetRequiredValue(tasks)),
                Dimensions(parsed.GetValue(dimensions)),
                AccuracyVariant.Parse(parsed.GetRequiredValue(variants)),
                count,
                options,
                backend.Name);
            Run(grid, backend, parsed.GetRequiredValue(output).FullName, arguments.CommandLine(parsed), parsed.GetValue(budget), cancellation);
        })));
        return command;
    }

    private static void Run(
        AccuracyGrid grid, ComputeBackend backend, string output, string command, double? budget, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<AccuracyCell> cells = grid.Cells();
        using var folder = new CellFolder(output);
        GridProgress? progress = null;
        var run = new GridRun(cells, folder, (cell, stop) => cell.CreateExperiment().Run(backend, null, progress!.Begin(cell), stop));
        IReadOnlyList<GridCell> left = run.Resume();
        AnsiConsole.MarkupLine(Markup.Escape($"{run.Count} cells in {output}; {run.Count - left.Count} of them finished before."));
        void Save()
        {
            if (run.Results.Count > 0)
            {
                JsonFile.Write(folder.FilePath("summary.json"), new { command, grid.Options.Reported, rows = AccuracySummary.Of(run.Results) });
                new AccuracyPage(grid, run.Results, run.Count, run.Failures, command).Create().Write(folder.FilePath("report.html"));
            }
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            Save();
            double done = 0;
            GridProgress.Run(left, run.Count, bars =>
            {
                progress = bars;
                run.Run(
                    cell =>
                    {
                        done += cell.Work;
                        bars.End(done);
                        Save();

                        // Seen before the next cell begins.
                        if (clock.Elapsed.TotalSeconds > budget)
                        {
                            stopping.Cancel();
                        }
                    },
                    stopping.Token);
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            AnsiConsole.MarkupLine(Markup.Escape(
                $"The budget of {budget} seconds is spent: {run.Results.Count} of {run.Count} cells finished; the same command goes on from there."));
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException($"Stopped with {run.Results.Count} of {run.Count} cells finished; the same command goes on from there.");
        }

        AccuracyTable.Print(AccuracySummary.Of(run.Results));
        AnsiConsole.MarkupLine(Markup.Escape($"Report: {folder.FilePath("report.html")}"));
        if (run.Failures.Count > 0)
        {
            throw new InvalidOperationException(
                $"{run.Failures.Count} of {run.Count} cells failed; the first: {run.Failures[0].Cell.Label}: {run.Failures[0].Reason}");
        }
    }

    private static List<int>? Dimensions(string? text) => text is null
        ? null
        :
        [
            .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension) && dimension >= 1
                    ? dimension
                    : throw new ArgumentException($"--dims: '{part}' is not a positive whole number.")).Distinct(),
        ];
}
