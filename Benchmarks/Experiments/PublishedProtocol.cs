using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The published protocols (arXiv 2602.24201 and its repository): width 1024, batch 512, 100,000 steps, constant rate 1e-4, no weight
/// average, no standardisation.
/// </summary>
public static class PublishedProtocol
{
    /// <summary>Training points of the Gaussian experiment, both distributions together.</summary>
    public const int GaussianTrainPoints = 90_000;

    /// <summary>Training points of the mutual-information experiment, both distributions together.</summary>
    public const int MutualInformationTrainPoints = 180_000;

    /// <summary>Test points.</summary>
    public const int TestPoints = 10_000;

    /// <summary>The Gaussian experiment, with the published code widths where the dimension has some.</summary>
    /// <param name="options">Options to start from: methods, schedule, integration, seeds stay.</param>
    /// <param name="dimension">d.</param>
    public static ExperimentOptions Gaussian(ExperimentOptions options, int dimension)
    {
        ArgumentNullException.ThrowIfNull(options);
        (int data, int time, int condition) = dimension switch
        {
            2 => (256, 32, 64),
            5 => (256, 1, 64),
            10 => (256, 1, 128),
            20 => (64, 32, 32),
            30 => (128, 1, 64),
            _ => (256, 32, 64),
        };
        return options with
        {
            Training = Common(options.Training, data, time, condition) with { ConditionDrop = [0] },
            Estimation = options.Estimation with { ImpliedScore = 0 },
            TrainPoints = GaussianTrainPoints,
            TestPoints = TestPoints,
        };
    }

    /// <summary>
    /// The mutual-information experiment as the paper tells it: one conditional network whose condition is dropped in half of the rows.
    /// (Its repository trains three separate networks.) The code is as wide as the data where that is more than the published 256.
    /// </summary>
    /// <param name="options">Options to start from: methods, schedule, integration, seeds stay.</param>
    /// <param name="dimension">d.</param>
    public static ExperimentOptions MutualInformation(ExperimentOptions options, int dimension)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainingOptions training = Common(options.Training, Math.Max(256, dimension), 50, 64);
        return options with
        {
            Training = training with
            {
                Network = training.Network with { DataHidden = Math.Max(256, dimension) },
                ConditionDrop = [0.5],
            },
            Estimation = options.Estimation with { ImpliedScore = 0 },
            TrainPoints = MutualInformationTrainPoints,
            TestPoints = TestPoints,
        };
    }

    private static TrainingOptions Common(TrainingOptions training, int dataCode, int timeFeatures, int conditionCode) => training with
    {
        Network = training.Network with
        {
            HeadHidden = 1024,
            DataCode = dataCode,
            TimeFeatures = timeFeatures,
            ConditionCode = conditionCode,
            TimeScale = 1,
        },
        ConditionScale = 1,
        HiddenGain = 1,
        TargetReferences = 0,
        MirroredNoise = false,
        Whitening = null,
        LargestGradientRatio = null,
        LatestTime = 1,
        Base = BaseChoice.None,
        BatchSize = 512,
        Steps = 100_000,
        LearningRate = LearningRateSchedule.Constant(1e-4),
        AverageDecay = 0,
        Standardize = false,
        ValidationFraction = 0,
    };
}
