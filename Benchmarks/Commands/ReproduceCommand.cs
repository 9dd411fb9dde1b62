using System.CommandLine;
using System.Globalization;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reports;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>reproduce</c>: a published experiment over a grid, resumable, with one page of results.</summary>
internal static class ReproduceCommand
{
    private const int ScatterPoints = 500;
    private const string Methods = "s1,s2,s3,naive,tsm,ctsm,ctsmv";
    private static readonly int[] WorkSteps = [1, 2, 3, 5, 10, 20];

    public static Command Create()
    {
        var command = new Command(
            "reproduce", "Run a published experiment over a grid and write one page of results beside the published ones; resumes after any end.");
        command.Subcommands.Add(Create(
            "gaussian", "Shifted Gaussians: mean squared error against dimension.", "2,5,10", 2, new ExperimentOptions(),
            CommandOptions.Word("--shifts", "1", "Comma-separated shifts of the numerator's mean.")));
        command.Subcommands.Add(Create(
            "mi", "Mutual information: error of the mean log-ratio against dimension.", "20,40,80", 1, MutualInformationExperiment.DefaultOptions,
            CommandOptions.Word("--rhos", "0.8", "Comma-separated correlations, of the data and of the truth.")));
        return command;
    }

    private static Command Create(
        string name, string description, string defaultDimensions, int defaultRepetitions, ExperimentOptions defaults, Option<string> difficulties)
    {
        var command = new Command(name, description);
        Option<string> dimensions = CommandOptions.Word("--dims", defaultDimensions, "Comma-separated dimensions.");
        Option<string> schedules = CommandOptions.Word(
            "--schedules", "deterministic", "Comma-separated: deterministic, data-noise (0.001), path-noise (0.1), with the published parameters; or all.");
        Option<int> repetitions = CommandOptions.Number(
            "--repetitions", defaultRepetitions, "Repetitions, each with its own data, training and probes (seed: 1000 x --seed + repetition).");
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder of finished cells, summary.json and report.html; run again with the same folder to go on.",
            DefaultValueFactory = _ => new DirectoryInfo($"reproduce-{name}"),
        };
        foreach (Option option in (Option[])[dimensions, difficulties, schedules, repetitions, output])
        {
            command.Options.Add(option);
        }

        var arguments = new ExperimentArguments(
            command, "per cell", defaults with { Methods = MethodSelection.Parse(Methods) }, isGrid: true);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            ExperimentOptions options = arguments.Options(parsed, given => given) with { ScatterPoints = ScatterPoints, WorkSteps = WorkSteps };
            options.Validate();
            List<int> wantedDimensions = Dimensions(parsed.GetRequiredValue(dimensions), name == "mi");
            List<double> wantedDifficulties = Difficulties(difficulties.Name, parsed.GetRequiredValue(difficulties), name == "mi");
            List<PathSchedule> wantedSchedules = Schedules(parsed.GetRequiredValue(schedules));
            int count = CommandOptions.AtLeast(parsed, repetitions, 1);
            if (count > ReproductionGrid.MostRepetitions)
            {
                throw new ArgumentException($"--repetitions is {count}; at most {ReproductionGrid.MostRepetitions} are possible.");
            }

            using ComputeBackend backend = arguments.CreateBackend(parsed);
            var grid = new ReproductionGrid(name, wantedDimensions, wantedDifficulties, wantedSchedules, count, options, backend.Name)
            {
                IsPaper = arguments.IsPaper(parsed),
            };
            Run(grid, backend, parsed.GetRequiredValue(output).FullName, arguments.CommandLine(parsed), cancellation);
        })));
        return command;
    }

    private static void Run(ReproductionGrid grid, ComputeBackend backend, string output, string command, CancellationToken cancellation)
    {
        using var folder = new CellFolder(output);
        GridProgress? progress = null;
        var run = new GridRun(
            grid.Cells(),
            folder,
            (cell, stop) => cell.CreateExperiment().Run(backend, null, progress!.Begin(cell), stop));
        IReadOnlyList<GridCell> left = run.Resume();
        AnsiConsole.MarkupLine(Markup.Escape(ProtocolNotes.Summary(grid)));
        AnsiConsole.MarkupLine(Markup.Escape($"{run.Count} cells in {output}; {run.Count - left.Count} of them finished before."));
        void Save()
        {
            if (run.Results.Count > 0)
            {
                IReadOnlyList<Reproduction.GridRow> rows = GridSummary.Of(run.Results);
                JsonFile.Write(folder.FilePath("summary.json"), new { grid.Experiment, grid.IsPaper, command, rows });
                new ReproductionPage(grid, run.Results, run.Count, run.Failures, command).Create().Write(folder.FilePath("report.html"));
            }
        }

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
                    },
                    cancellation);
            });
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException($"Stopped with {run.Results.Count} of {run.Count} cells finished; the same command goes on from there.");
        }

        GridTable.Print(grid, GridSummary.Of(run.Results));
        AnsiConsole.MarkupLine(Markup.Escape($"Report: {folder.FilePath("report.html")}"));
        if (run.Failures.Count > 0)
        {
            throw new InvalidOperationException(
                $"{run.Failures.Count} of {run.Count} cells failed; the first: {run.Failures[0].Cell.Label}: {run.Failures[0].Reason}");
        }
    }

    private static List<int> Dimensions(string text, bool mustBeEven)
    {
        List<int> dimensions = [.. Parts("--dims", text).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension) && dimension >= 1
                ? dimension
                : throw new ArgumentException($"--dims: '{part}' is not a positive whole number.")).Distinct()];
        return mustBeEven && dimensions.Find(dimension => dimension % 2 != 0) is var odd and not 0
            ? throw new ArgumentException($"--dims: {odd} is odd; even numbers are needed.")
            : dimensions;
    }

    private static List<double> Difficulties(string option, string text, bool isCorrelation) =>
    [
        .. Parts(option, text).Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                && (!isCorrelation || Math.Abs(value) < 1)
                ? value
                : throw new ArgumentException($"{option}: '{part}' is not a {(isCorrelation ? "number in (-1, 1)" : "finite number")}.")).Distinct(),
    ];

    private static List<PathSchedule> Schedules(string text) => text == "all"
        ? [.. ReproductionGrid.PublishedSchedules]
        : [.. Parts("--schedules", text).Select(part => ReproductionGrid.PublishedSchedules.FirstOrDefault(schedule => schedule.Name == part)
            ?? throw new ArgumentException($"--schedules: '{part}' is unknown; there are: deterministic, data-noise, path-noise, all."))];

    private static string[] Parts(string option, string text)
    {
        string[] parts = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        return parts.Length > 0 ? parts : throw new ArgumentException($"{option} is empty.");
    }
}
