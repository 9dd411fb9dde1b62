using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What the experiments with a known log-ratio have in common.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Methods to compare.</summary>
    public MethodSelection Methods { get; init; } = MethodSelection.Parse("s1,s2,s3,naive");

    /// <summary>How the flow is trained.</summary>
    public TrainingOptions Training { get; init; } = new() { Base = new BaseChoice(BaseKind.Auto) };

    /// <summary>How the flow's log-ratios are integrated.</summary>
    public EstimationOptions Estimation { get; init; } = new() { Steps = 10 };

    /// <summary>Flows with different seeds whose log-ratios are averaged; each is trained in full.</summary>
    public int Members { get; init; } = 1;

    /// <summary>How the baselines are trained and integrated.</summary>
    public TimeScoreOptions TimeScores { get; init; } = new();

    /// <summary>How the classifier is trained, but for its width.</summary>
    public ClassifierTrainingOptions Classifier { get; init; } = new();

    /// <summary>Widths of the classifier that are tried; the smallest held-out log-loss decides.</summary>
    public IReadOnlyList<int> ClassifierWidths { get; init; } = [64, 256];

    /// <summary>Training points, both distributions together.</summary>
    public int TrainPoints { get; init; } = 90_000;

    /// <summary>Test points.</summary>
    public int TestPoints { get; init; } = 10_000;

    /// <summary>Number of test points whose true and estimated log-ratios the report keeps, for a scatter plot; then errors by true value as well.</summary>
    public int ScatterPoints { get; init; }

    /// <summary>
    /// Numbers of solver steps for which each method of the flow also reports error against work, on up to 2,000 of the test points; none
    /// for none. With equal steps only.
    /// </summary>
    public IReadOnlyList<int> WorkSteps { get; init; } = [];

    /// <summary>Seed of the data and of the baselines.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The same options with another seed for data, training and probes: a repetition.</summary>
    /// <param name="seed">The seed.</param>
    public ExperimentOptions WithSeed(ulong seed) => this with
    {
        Seed = seed,
        Training = Training with { Seed = seed },
        Estimation = Estimation with { Seed = seed },
        Classifier = Classifier with { Seed = seed },
    };

    /// <summary>The options as a report shows them, under the names of the command line.</summary>
    public IReadOnlyDictionary<string, object?> Reported => new Dictionary<string, object?>
    {
        ["train_points"] = TrainPoints,
        ["test_points"] = TestPoints,
        ["schedule"] = Training.Schedule.Name,
        ["sigma_min"] = Training.Schedule.SigmaMin,
        ["path_noise"] = Training.Schedule.PathNoise,
        ["latest_time"] = Training.LatestTime,
        ["methods"] = string.Join(",", Methods.Names),
        ["steps"] = Training.Steps,
        ["width"] = Training.Network.HeadHidden,
        ["batch"] = Training.BatchSize,
        ["learning_rate"] = Training.LearningRate.Peak,
        ["average"] = Training.AverageDecay,
        ["references"] = Training.TargetReferences,
        ["mirrored_noise"] = Training.MirroredNoise,
        ["whitening"] = Training.Whitening,
        ["whitened_passes"] = Training.MostWhitenedPasses,
        ["condition_code"] = Training.Network.ConditionCode,
        ["condition_scale"] = Training.ConditionScale,
        ["hidden_gain"] = Training.HiddenGain,
        ["time_scale"] = Training.Network.TimeScale,
        ["drop"] = Training.ConditionDrop[0],
        ["base"] = Training.Base.ToString(),
        ["residual_gate"] = Training.GateResidual,
        ["members"] = Members,
        ["baseline_steps"] = TimeScores.Training.Steps,
        ["baseline_width"] = TimeScores.Training.Hidden,
        ["baseline_batch"] = TimeScores.Training.BatchSize,
        ["baseline_rate"] = TimeScores.Training.LearningRate.Peak,
        ["baseline_final_rate"] = TimeScores.Training.LearningRate.FinalFraction,
        ["baseline_variance"] = TimeScores.PathVariance,
        ["baseline_factor"] = TimeScores.Factor,
        ["tsm_weight"] = TimeScores.MarginalWeighting.ToString(),
        ["fresh_samples"] = TimeScores.FreshSamples,
        ["classifier_steps"] = Classifier.Steps,
        ["classifier_widths"] = string.Join(",", ClassifierWidths),
        ["classifier_batch"] = Classifier.BatchSize,
        ["classifier_rate"] = Classifier.LearningRate.Peak,
        ["seed"] = Seed,
    };

    /// <summary>Checks the numbers; training and estimation check theirs when they start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Methods);
        ArgumentNullException.ThrowIfNull(Training);
        ArgumentNullException.ThrowIfNull(Estimation);
        ArgumentNullException.ThrowIfNull(TimeScores);
        Training.Validate();
        TimeScores.Integration.Validate();
        ArgumentNullException.ThrowIfNull(Classifier);
        Classifier.Validate();
        ArgumentOutOfRangeException.ThrowIfZero(ClassifierWidths.Count, nameof(ClassifierWidths));
        foreach (TimeScoreMethod method in Methods.TimeScores)
        {
            method.Training(TimeScores, Seed).Validate();
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Members, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TrainPoints, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(TestPoints, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(ScatterPoints);
    }
}
