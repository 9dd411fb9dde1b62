namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>What is known from elsewhere about a Gaussian pair, and the error that this project set out to reach in a few minutes on two cores.</summary>
/// <param name="Task">Name of the pair.</param>
/// <param name="Dimension">d.</param>
/// <param name="Published">
/// Smallest published error of any method (100,000 steps of width 1024; docs/experiments.md): mean squared, in nats squared; for the mutual
/// information absolute, in nats.
/// </param>
/// <param name="Target">The error to reach, in the same unit.</param>
public sealed record AccuracyTarget(string Task, int Dimension, double Published, double Target)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<AccuracyTarget> All { get; } =
    [
        new("shift1", 10, 0.11, 0.01),
        new("shift1", 20, 0.33, 0.03),
        new("shift1", 30, 0.69, 0.05),
        new("shift2", 10, 1.09, 0.05),
        new("shift2", 20, 7.6, 0.2),
        new("shift2", 30, 26.8, 0.5),
        new("shift4", 10, 19.8, 0.3),
        new("shift4", 30, 297, 5),
        new(AccuracyTask.MutualInformation, 20, 0.02, 0.02),
        new(AccuracyTask.MutualInformation, 40, 0.03, 0.02),
        new(AccuracyTask.MutualInformation, 80, 0.02, 0.05),
        new(AccuracyTask.MutualInformation, 160, 0.11, 0.1),
        new(AccuracyTask.MutualInformation, 320, 0.46, 0.3),
    ];

    /// <summary>The target of a pair, or null.</summary>
    /// <param name="task">Name of the pair.</param>
    /// <param name="dimension">d.</param>
    public static AccuracyTarget? Find(string task, int dimension) =>
        All.FirstOrDefault(target => target.Task == task && target.Dimension == dimension);
}
