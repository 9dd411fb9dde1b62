using System.CommandLine;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reports;
using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>Options that the experiments with a known log-ratio share, and how such a command ends: run, print, write.</summary>
internal sealed class ExperimentArguments
{
    private const int ReportedPoints = 1000;
    private readonly Option<int> trainPoints;
    private readonly Option<int> testPoints;
    private readonly Option<bool> paper = new("--paper")
    {
        Description = "The published protocol: width 1024, batch 512, 100,000 steps, constant rate 1e-4, no averaging (hours on a CPU).",
    };

    private readonly Option<int> members = CommandOptions.Number("--members", 1, "Flows with different seeds whose log-ratios are averaged; each is trained in full.");
    private readonly FlowArguments flow;
    private readonly BaselineArguments baselines;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="testedDistributions">What the test points are of, in words.</param>
    /// <param name="defaults">Options where none are given.</param>
    /// <param name="isGrid">Whether the command runs many experiments.</param>
    /// <param name="hasPaper">Whether the command has a published protocol.</param>
    public ExperimentArguments(Command command, string testedDistributions, ExperimentOptions defaults, bool isGrid = false, bool hasPaper = true)
    {
        trainPoints = CommandOptions.Number("--train-points", defaults.TrainPoints, "Training points, both classes together.");
        testPoints = CommandOptions.Number("--test-points", defaults.TestPoints, $"Test points, {testedDistributions}.");
        command.Options.Add(trainPoints);
        command.Options.Add(testPoints);
        command.Options.Add(members);
        if (hasPaper)
        {
            command.Options.Add(paper);
        }

        flow = new FlowArguments(command, string.Join(",", defaults.Methods.Names), defaults.Training.Steps, MethodSelection.KnownNames, isGrid);
        baselines = new BaselineArguments(command, defaults.TimeScores);
    }

    /// <summary>The options of the experiment.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="published">Applies the published protocol.</param>
    public ExperimentOptions Options(ParseResult parsed, Func<ExperimentOptions, ExperimentOptions> published)
    {
        var options = new ExperimentOptions
        {
            Methods = MethodSelection.Parse(flow.Methods(parsed)),
            Training = flow.Training(parsed),
            Estimation = flow.Estimation(parsed),
            Members = CommandOptions.AtLeast(parsed, members, 1),
            TimeScores = baselines.Options(parsed),
            TrainPoints = CommandOptions.AtLeast(parsed, trainPoints, 2),
            TestPoints = CommandOptions.AtLeast(parsed, testPoints, 2),
            ScatterPoints = flow.Report(parsed) is null ? 0 : ReportedPoints,
            Seed = flow.Seed(parsed),
        };
        if (!IsPaper(parsed))
        {
            return options;
        }

        // An option that the protocol decides would be lost without a word.
        return (flow.PublishedOptions.Concat([trainPoints, testPoints])).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given
            ? throw new ArgumentException($"{given.Name} is part of the published protocol; leave out {given.Name} or {paper.Name}.")
            : published(options);
    }

    /// <summary>The backend that the command line asks for.</summary>
    public ComputeBackend CreateBackend(ParseResult parsed) => flow.CreateBackend(parsed);

    /// <summary>Whether the published protocol is asked for.</summary>
    public bool IsPaper(ParseResult parsed) => parsed.GetResult(paper) is not null && parsed.GetValue(paper);

    /// <summary>The command as it can be typed again, without its outputs.</summary>
    public string CommandLine(ParseResult parsed) => flow.CommandLine(parsed, BenchmarkHost.Start);

    /// <summary>Runs an experiment under progress bars, prints its table and writes its JSON.</summary>
    public void Run(ParseResult parsed, IExperiment experiment, ExperimentOptions options, CancellationToken cancellation)
    {
        FileInfo? json = flow.Json(parsed);
        FileInfo? page = flow.Report(parsed);
        using ComputeBackend backend = flow.CreateBackend(parsed);
        Dictionary<string, object?> reported = FlowArguments.Values(parsed);
        if (IsPaper(parsed))
        {
            foreach ((string name, object? value) in options.Reported.Where(entry => reported.ContainsKey(entry.Key) && entry.Key != "schedule"))
            {
                reported[name] = value;
            }

            reported["independent_noise"] = !options.Training.MirroredNoise;
            reported["implied_score"] = options.Estimation.ImpliedScore;
        }

        ExperimentReport report = ProgressDisplay.Run(createBar => experiment.Run(backend, reported, createBar, cancellation));
        ResultTable.Print(report, Integration(options));
        if (json is not null)
        {
            report.Write(json.FullName);
        }

        if (page is not null)
        {
            new ExperimentPage(report, FlowArguments.Describe(options.Estimation), options.Training.Schedule, flow.CommandLine(parsed, BenchmarkHost.Start)).Create().Write(page.FullName);
        }
    }

    private static string Integration(ExperimentOptions options) => string.Join(
        ' ',
        (string[])
        [
            .. options.Methods.Flow.Count > 0 ? [FlowArguments.Describe(options.Estimation)] : Array.Empty<string>(),
            .. options.Methods.TimeScores.Count > 0
                ? [$"Baselines: quadrature of the time score to {options.TimeScores.Integration.Tolerance} nats."]
                : Array.Empty<string>(),
        ]);
}
