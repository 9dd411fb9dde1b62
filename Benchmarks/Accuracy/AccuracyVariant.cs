using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>A set of ideas that is switched on, or a method that is none of ours, by its name on the command line.</summary>
public sealed class AccuracyVariant
{
    private readonly Func<ExperimentOptions, ExperimentOptions> change;

    private AccuracyVariant(string name, string meaning, Func<ExperimentOptions, ExperimentOptions> change)
    {
        Name = name;
        Meaning = meaning;
        this.change = change;
    }

    /// <summary>Where every idea starts from: the published method at our sizes.</summary>
    public const string Plain = "plain";

    /// <summary>The defaults of the commands.</summary>
    public const string Recommended = "recommended";

    /// <summary>All variants.</summary>
    public static IReadOnlyList<AccuracyVariant> All { get; } =
    [
        new(Plain, "none of the ideas: twice the rows in three quarters of the steps (as many rows as the defaults with their pilots), learning rate 5e-4, weights as initialised by PyTorch, condition codes of 32, slow time features, plain targets, independent noise, plain gradients, no base", Without),
        new("steps", "plain, but twice its steps of half its rows", options => Change(Without(options), training => training with
        {
            Steps = training.Steps * 2,
            BatchSize = options.Training.BatchSize,
        })),
        new("rate", "plain at the defaults' learning rate", options => Change(Without(options), training => training with
        {
            LearningRate = options.Training.LearningRate,
        })),
        new("codes", "plain with condition codes as wide and as far apart as the defaults'", options => Change(Without(options), training => training with
        {
            ConditionScale = Defaults.ConditionScale,
            Network = training.Network with { ConditionCode = Defaults.Network.ConditionCode },
        })),
        new("gain", "plain with the defaults' larger initial weights in hidden layers", options => Change(Without(options), training => training with
        {
            HiddenGain = Defaults.HiddenGain,
        })),
        new("time", "plain with the defaults' time features", options => Change(Without(options), training => training with
        {
            Network = training.Network with { TimeScale = Defaults.Network.TimeScale },
        })),
        new("targets", "plain with targets averaged over references", options => Change(Without(options), training => training with
        {
            TargetReferences = Defaults.TargetReferences,
        })),
        new("pairs", "plain with rows in pairs of one time and opposite noise", options => Change(Without(options), training => training with
        {
            MirroredNoise = Defaults.MirroredNoise,
        })),
        new("whitening", "plain with inputs whitened in weight gradients", options => Change(Without(options), training => training with
        {
            Whitening = Defaults.Whitening,
        })),
        new("no-whitening", "the defaults with plain gradients", options => Change(options, training => training with { Whitening = null })),
        new("score", "plain with half of each score from the velocity", options => Without(options) with
        {
            Estimation = options.Estimation with { ImpliedScore = ImpliedScore },
        }),
        new("mixture", "plain on a base of mixtures", options => Change(Without(options), training => training with { Base = Mixture })),
        new("gaussian", "plain on a base of one Gaussian per condition", options => Change(Without(options), training => training with
        {
            Base = new BaseChoice(BaseKind.Gaussian),
        })),
        new("no-base", "the defaults without a base: the published parameterisation", options => Change(options, training => training with
        {
            Base = BaseChoice.None,
        })),
        new("no-gate", "the defaults, keeping all that the networks add to a base", options => Change(options, training => training with
        {
            GateResidual = false,
        })),
        new("defaults-gaussian", "the defaults on a base of one Gaussian per condition", options => Change(options, training => training with
        {
            Base = new BaseChoice(BaseKind.Gaussian),
        })),
        new(Recommended, "the defaults of the commands", options => options),
        Baseline("tsm", "time score matching"),
        Baseline("ctsm", "conditional time score matching"),
        Baseline("ctsmv", "conditional time score matching, vector-valued"),
        Baseline(MethodSelection.ClassifierName, "probabilistic classifier, early stopping, best of two widths"),
    ];

    private const double EarlierRate = 5e-4;
    private const double ImpliedScore = 0.5;

    private static TrainingOptions Defaults => new ExperimentOptions().Training;

    private static BaseChoice Mixture => new(BaseKind.Mixture);

    /// <summary>Name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it switches on, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>Whether it is a method that is not ours.</summary>
    public bool IsBaseline { get; private init; }

    /// <summary>Finds variants by name.</summary>
    /// <param name="names">Comma-separated names; "all" for all, "ideas" for ours, "baselines" for the others.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static IReadOnlyList<AccuracyVariant> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string known = string.Join(", ", All.Select(variant => variant.Name));
        return wanted.Length == 0
            ? throw new ArgumentException($"--variants is empty; there are: {known}.")
            :
            [
                .. wanted.SelectMany(name => name switch
                {
                    "all" => All,
                    "ideas" => All.Where(variant => !variant.IsBaseline),
                    "baselines" => All.Where(variant => variant.IsBaseline),
                    _ => [All.FirstOrDefault(variant => variant.Name == name)
                        ?? throw new ArgumentException($"--variants: '{name}' is unknown; there are: {known}, and all, ideas, baselines.")],
                }).Distinct(),
            ];
    }

    /// <summary>The options of a training of this variant.</summary>
    /// <param name="options">Sizes and seeds of the study.</param>
    public ExperimentOptions Apply(ExperimentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return change(options);
    }

    private static AccuracyVariant Baseline(string name, string meaning) =>
        new(name, meaning, options => options with { Methods = MethodSelection.Parse(name) }) { IsBaseline = true };

    private static ExperimentOptions Without(ExperimentOptions options) => Change(options, training => training with
    {
        // Half as many rows again: those of the pilots that choose a base.
        Steps = Math.Max(1, training.Steps * 3 / 4),
        BatchSize = training.BatchSize * 2,
        TargetReferences = 0,
        MirroredNoise = false,
        Whitening = null,
        ConditionScale = 1,
        HiddenGain = 1,
        Base = BaseChoice.None,
        LearningRate = LearningRateSchedule.WarmUpCosine(EarlierRate),
        Network = training.Network with { ConditionCode = 32, TimeScale = 1 },
    }) with
    {
        Estimation = options.Estimation with { ImpliedScore = 0 },
    };

    private static ExperimentOptions Change(ExperimentOptions options, Func<TrainingOptions, TrainingOptions> change) =>
        options with { Training = change(options.Training) };
}
