using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>One method on one task: means over repetitions.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Difficulty">Shift of the means, or correlation.</param>
/// <param name="Schedule">Schedule of the flow, or null for a baseline.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Repetitions">Number of finished repetitions.</param>
/// <param name="Mse">Mean squared error in nats squared.</param>
/// <param name="AbsError">Error of the mutual information in nats, or null.</param>
/// <param name="TrainSeconds">Seconds of training (shared by the methods of a flow).</param>
/// <param name="Seconds">Seconds of estimation, for all test points.</param>
/// <param name="Evaluations">Evaluations per point.</param>
public sealed record GridRow(
    int Dimension,
    double Difficulty,
    PathSchedule? Schedule,
    string Method,
    int Repetitions,
    MeanError Mse,
    MeanError? AbsError,
    double TrainSeconds,
    double Seconds,
    double Evaluations);
