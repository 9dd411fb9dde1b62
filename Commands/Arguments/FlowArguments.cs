using System.CommandLine;
using System.Globalization;
using FlowRatio.Commands.Output;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Commands.Arguments;

/// <summary>Options that every experiment with a trained flow has: schedule, training, integration, device, output.</summary>
internal sealed class FlowArguments
{
    private const double DefaultTolerance = 1e-4;
    private const string Adaptive = "adaptive";
    private const string Quadrature = "quadrature";
    private const int LongestLine = 90;

    private readonly bool isGrid;
    private readonly ScheduleArguments? schedule;
    private readonly Option<string> methods;
    private readonly bool dropsConditions;
    private readonly Option<int> steps;
    private readonly Option<int> width = CommandOptions.Number("--width", 256, "Width of the heads' hidden layers.");
    private readonly Option<int> batch = CommandOptions.Number("--batch", new TrainingOptions().BatchSize, "Rows per training step.");
    private readonly Option<double> rate = CommandOptions.Real("--learning-rate", new TrainingOptions().LearningRate.Peak, "Largest learning rate (warm-up, then cosine).");
    private readonly Option<double> average = CommandOptions.Real("--average", 0.999, "Decay of the weight average; 0 for none.");
    private readonly Option<int> conditionCode = CommandOptions.Number("--condition-code", new NetworkShape(1, []).ConditionCode, "Width of each condition's code.");
    private readonly Option<double> conditionScale = CommandOptions.Real("--condition-scale", new TrainingOptions().ConditionScale, "Factor of the initial condition codes.");
    private readonly Option<double> hiddenGain = CommandOptions.Real("--hidden-gain", new TrainingOptions().HiddenGain, "Factor of the initial weights of hidden layers.");
    private readonly Option<double> timeScale = CommandOptions.Real("--time-scale", new NetworkShape(1, []).TimeScale, "Factor of t in the time features.");
    private readonly Option<int> references = CommandOptions.Number("--references", new TrainingOptions().TargetReferences, "Rows per step over which the targets are averaged; 0 for none.");
    private readonly Option<double> latestTime = CommandOptions.LatestTime();
    private readonly Option<bool> independentNoise = new("--independent-noise") { Description = "Independent noise in all rows of a batch, in place of pairs of opposite sign." };
    private readonly Option<double> whitening = CommandOptions.Real("--whitening", new TrainingOptions().Whitening ?? 0, $"Damping of whitened inputs in weight gradients, relative to their mean eigenvalue; 0 for plain gradients, which a training that goes through its rows more than {new TrainingOptions().MostWhitenedPasses} times has unless this is given.");
    private readonly Option<double> drop = CommandOptions.Real("--drop", 0, "Probability of dropping the condition in training; S2 is exact along any field, trained or not.");
    private readonly Option<string> baseFlow = CommandOptions.Word("--base", "auto", $"Closed-form base under the networks: {BaseChoice.Syntax}.");
    private readonly Option<bool> noGate = new("--no-gate") { Description = "Keep all that the networks add to a base, not only as much as held-out rows support." };
    private readonly Option<string> solver = CommandOptions.Word("--solver", "rk4", $"Integration: equal steps of {string.Join(", ", ButcherTableau.All)}; {Adaptive} (Dopri5 per trajectory); {Quadrature} (Gauss-Legendre nodes).");
    private readonly Option<int> solverSteps = CommandOptions.Number("--solver-steps", 10, "Steps from the data to the noise, with equal steps.");
    private readonly Option<double?> tolerance = new("--tolerance") { Description = $"With adaptive, relative and absolute tolerance of x [{DefaultTolerance:0e0} for both]; with quadrature, accuracy in nats in place of --nodes." };
    private readonly Option<int> nodes = CommandOptions.Number("--nodes", 16, "Nodes, with quadrature.");
    private readonly Option<int> probes = CommandOptions.Number("--probes", 1, "Independent divergence probe sequences per point.");
    private readonly Option<string> probe = CommandOptions.Word("--probe", "hadamard", "Probe distribution: hadamard, rademacher, gaussian, or exact for the full trace.");
    private readonly Option<bool> fixedProbe = new("--fixed-probe") { Description = "One probe for the whole trajectory instead of one per stage." };
    private readonly Option<double?> impliedScore = CommandOptions.ImpliedScore();

    private readonly Option<bool> overlap = new("--overlap") { Description = "Compute the overlap diagnostic also where it costs a head pass more (S1)." };
    private readonly Option<long> seed = new("--seed") { Description = "Seed of data, training and probes.", DefaultValueFactory = _ => 1 };
    private readonly DeviceArguments device = new();
    private readonly Option<FileInfo?> json = new("--json") { Description = "Write the result to this file." };
    private readonly Option<FileInfo?> report = new("--report") { Description = "Write a page with charts to this file (HTML, complete in itself)." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="defaultMethods">Methods where none are named.</param>
    /// <param name="defaultSteps">Training steps where none are given.</param>
    /// <param name="knownMethods">Names of all methods of the command; none where there is no choice.</param>
    /// <param name="isGrid">Whether the command runs many experiments: then it has schedules and outputs of its own.</param>
    /// <param name="dropsConditions">Whether the probability of dropping a condition is the user's to choose.</param>
    public FlowArguments(
        Command command, string defaultMethods, int defaultSteps, IReadOnlyCollection<string> knownMethods, bool isGrid = false, bool dropsConditions = true)
    {
        methods = CommandOptions.Word("--methods", defaultMethods, $"Comma-separated: {string.Join(", ", knownMethods)}.");
        steps = CommandOptions.Number("--steps", defaultSteps, "Training steps.");
        this.isGrid = isGrid;
        this.dropsConditions = dropsConditions;
        if (!isGrid)
        {
            schedule = new ScheduleArguments(command);
            command.Options.Add(json);
            command.Options.Add(report);
        }

        if (knownMethods.Count > 0)
        {
            command.Options.Add(methods);
        }

        if (dropsConditions)
        {
            command.Options.Add(drop);
        }

        foreach (Option option in (Option[])
                 [
                     steps, width, batch, rate, average, conditionCode, conditionScale, hiddenGain, timeScale, references, independentNoise, whitening, latestTime,
                     baseFlow, noGate, solver, solverSteps, tolerance, nodes, probes, probe, fixedProbe,
                     overlap, impliedScore, seed, .. device.Options,
                 ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Options that a published protocol decides.</summary>
    public IReadOnlyList<Option> PublishedOptions =>
    [
        steps, width, batch, rate, average, conditionCode, conditionScale, hiddenGain, timeScale, references, independentNoise, whitening, latestTime, drop, baseFlow,
        impliedScore,
    ];

    public string Methods(ParseResult parsed) => parsed.GetRequiredValue(methods);

    public ulong Seed(ParseResult parsed) => CommandOptions.Seed(parsed, seed);

    public FileInfo? Json(ParseResult parsed) => Outputs(parsed).Json;

    public FileInfo? Report(ParseResult parsed) => Outputs(parsed).Report;

    /// <summary>Where to write results: neither is the other, or a file that is read.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="read">Names of arguments, and the files that are read.</param>
    public (FileInfo? Json, FileInfo? Report) Outputs(ParseResult parsed, params IEnumerable<(string Argument, string Path)> read)
    {
        var files = new CommandFiles(read);
        return isGrid ? (null, null) : (Output(files, parsed, json), Output(files, parsed, report));
    }

    /// <summary>The command as it can be typed again, without its outputs.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="invocation">How the program is started in a shell.</param>
    public string CommandLine(ParseResult parsed, string invocation)
    {
        // One option per line where the line would be long.
        string[] quoted = [.. ShellText.Words(parsed, null, json, report).Select(ShellText.Of)];
        string line = $"{invocation} {string.Join(' ', quoted)}";
        return line.Length <= LongestLine
            ? line
            : invocation + string.Concat(quoted.Select(word => (word.StartsWith("--", StringComparison.Ordinal) ? " \\\n    " : " ") + word));
    }

    /// <summary>Where to write a result; its folder is checked before any work is done.</summary>
    public static FileInfo? OutputFile(ParseResult parsed, Option<FileInfo?> option) =>
        Output(new CommandFiles(), parsed, option);

    public int Steps(ParseResult parsed) => CommandOptions.AtLeast(parsed, steps, 1);

    public TrainingOptions Training(ParseResult parsed) => new()
    {
        Network = new NetworkShape(1, [])
        {
            HeadHidden = CommandOptions.AtLeast(parsed, width, 1),
            ConditionCode = CommandOptions.AtLeast(parsed, conditionCode, 1),
            TimeScale = parsed.GetValue(timeScale),
        },
        ConditionScale = parsed.GetValue(conditionScale),
        HiddenGain = parsed.GetValue(hiddenGain),
        TargetReferences = CommandOptions.AtLeast(parsed, references, 0),
        MirroredNoise = !parsed.GetValue(independentNoise),
        Schedule = schedule?.Schedule(parsed) ?? PathSchedule.Deterministic,
        Whitening = parsed.GetValue(whitening) == 0 ? null : parsed.GetValue(whitening),

        // Who names a damping wants it, however often rows are seen.
        MostWhitenedPasses = parsed.GetResult(whitening) is { Implicit: false } ? null : new TrainingOptions().MostWhitenedPasses,
        LatestTime = parsed.GetValue(latestTime),
        Steps = Steps(parsed),
        BatchSize = CommandOptions.AtLeast(parsed, batch, 1),
        LearningRate = parsed.GetValue(rate) > 0 && double.IsFinite(parsed.GetValue(rate))
            ? LearningRateSchedule.WarmUpCosine(parsed.GetValue(rate))
            : throw new ArgumentException($"--learning-rate is {parsed.GetValue(rate)}; a positive number is needed."),
        AverageDecay = CommandOptions.Share(parsed, average),
        ConditionDrop = dropsConditions ? [CommandOptions.Share(parsed, drop)] : new TrainingOptions().ConditionDrop,
        Base = ParseBase(parsed.GetRequiredValue(baseFlow)),
        GateResidual = !parsed.GetValue(noGate),
        Seed = Seed(parsed),
    };

    public EstimationOptions Estimation(ParseResult parsed)
    {
        var options = new EstimationOptions
        {
            Steps = CommandOptions.AtLeast(parsed, solverSteps, 1),
            Divergence = Divergence(parsed),
            Overlap = parsed.GetValue(overlap) ? OverlapDiagnostic.Always : OverlapDiagnostic.WhenFree,
            ImpliedScore = CommandOptions.Portion(parsed, impliedScore),
            Seed = Seed(parsed),
        };
        string name = parsed.GetRequiredValue(solver);
        if (parsed.GetValue(tolerance) is { } wanted && (!(wanted > 0) || !double.IsFinite(wanted)))
        {
            throw new ArgumentException($"--tolerance is {wanted}; a positive number is needed.");
        }

        bool isQuadrature = name == Quadrature;
        if (parsed.GetValue(tolerance) is not null && name != Adaptive && !isQuadrature)
        {
            throw new ArgumentException($"--tolerance is for --solver {Adaptive} and {Quadrature}; --solver is '{name}'.");
        }

        if (parsed.GetResult(nodes) is { Implicit: false } && (!isQuadrature || parsed.GetValue(tolerance) is not null))
        {
            throw new ArgumentException($"--nodes is for --solver {Quadrature} without --tolerance.");
        }

        if (parsed.GetResult(solverSteps) is { Implicit: false } && (name == Adaptive || isQuadrature))
        {
            throw new ArgumentException($"--solver-steps is for equal steps; --solver is '{name}'.");
        }

        double reached = parsed.GetValue(tolerance) ?? DefaultTolerance;
        return name switch
        {
            Adaptive => options with { Adaptive = new AdaptiveOptions(reached, reached) },
            Quadrature when parsed.GetValue(tolerance) is not null => options with
            {
                Quadrature = QuadratureOptions.ToTolerance(reached),

                // The probes' own error must be known to be below the tolerance, which takes at least two of them.
                Divergence = options.Divergence is { IsExact: false, Probes: < 2 } divergence
                    ? DivergenceMethod.Hutchinson(2, divergence.Distribution, divergence.PerStage)
                    : options.Divergence,
            },
            Quadrature => options with { Quadrature = QuadratureOptions.WithNodes(CommandOptions.AtLeast(parsed, nodes, 1)) },
            _ => options with
            {
                Tableau = ButcherTableau.All.FirstOrDefault(tableau => tableau.Name == name)
                    ?? throw new ArgumentException(
                        $"--solver: '{name}' is unknown; there are: {string.Join(", ", ButcherTableau.All)}, {Adaptive}, {Quadrature}."),
            },
        };
    }

    /// <summary>How log-ratios are integrated, in words.</summary>
    public static string Describe(EstimationOptions options)
    {
        string integration = options.Adaptive is { } adaptive
            ? $"dopri5 with a step size per trajectory, relative tolerance {adaptive.RelativeTolerance:0.###e0}, absolute {adaptive.AbsoluteTolerance:0.###e0}"
            : options.Quadrature is { Tolerance: { } nats } ? $"Gauss-Legendre quadrature to {nats} nats"
            : options.Quadrature is { } quadrature ? $"Gauss-Legendre quadrature with {quadrature.Nodes} nodes"
            : $"{options.Steps} steps of {options.Tableau}";
        string divergence = options.Divergence.IsExact
            ? "exact divergence"
            : $"{options.Divergence.Probes} {options.Divergence.Distribution.ToString().ToLowerInvariant()} probe(s) {(options.Divergence.PerStage ? "per stage" : "per trajectory")}";
        string scores = options.ImpliedScore switch
        {
            null => "; without a base half of each score from the velocity",
            0 => string.Empty,
            { } share => string.Create(CultureInfo.InvariantCulture, $"; {100 * share:0.#}% of each score from the velocity"),
        };
        return $"Integration: {integration}; {divergence}{scores}.";
    }

    public ComputeBackend CreateBackend(ParseResult parsed)
    {
        var shape = new NetworkShape(1, []) { HeadHidden = CommandOptions.AtLeast(parsed, width, 1) };
        return device.Create(
            parsed, WorkEstimate.OfTraining(shape, CommandOptions.AtLeast(parsed, batch, 1), CommandOptions.AtLeast(parsed, steps, 1)));
    }

    /// <summary>All options of a command with the values in use, for the JSON.</summary>
    public static Dictionary<string, object?> Values(ParseResult parsed) =>
        parsed.CommandResult.Command.Options
            .Where(option => option.Name.StartsWith("--", StringComparison.Ordinal))
            .Select(option => (option.Name, Value: parsed.GetResult(option)?.GetValueOrDefault<object?>()))
            .Where(entry => entry.Value is not null and not FileInfo)
            .ToDictionary(entry => entry.Name[2..].Replace('-', '_'), entry => entry.Value);

    private static FileInfo? Output(CommandFiles files, ParseResult parsed, Option<FileInfo?> option) =>
        parsed.GetValue(option) is { } file ? new FileInfo(files.Write(option.Name, file.FullName)) : null;

    private static BaseChoice ParseBase(string text)
    {
        try
        {
            return BaseChoice.Parse(text);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"--base: {error.Message}", error);
        }
    }

    private DivergenceMethod Divergence(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(probe);
        int count = CommandOptions.AtLeast(parsed, probes, 1);
        bool perStage = !parsed.GetValue(fixedProbe);
        return name switch
        {
            "exact" => DivergenceMethod.Exact,
            "hadamard" => DivergenceMethod.Hutchinson(count, ProbeDistribution.Hadamard, perStage),
            "rademacher" => DivergenceMethod.Hutchinson(count, ProbeDistribution.Rademacher, perStage),
            "gaussian" => DivergenceMethod.Hutchinson(count, ProbeDistribution.Gaussian, perStage),
            _ => throw new ArgumentException($"--probe: '{name}' is unknown; there are: hadamard, rademacher, gaussian, exact."),
        };
    }
}
