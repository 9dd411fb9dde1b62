using FlowRatio.Training.Objectives;
using FlowRatio.Training.Records;

namespace FlowRatio.Training.Checkpoints;

/// <summary>The part of a <see cref="TrainingState"/> that is not arrays, as a checkpoint stores it.</summary>
internal sealed record CheckpointState
{
    public required int Step { get; init; }

    public required IReadOnlyList<CurveRecord> Curve { get; init; }

    public required LossSum SinceReport { get; init; }

    public required LossSum SinceCurve { get; init; }

    public LossSum? FirstLoss { get; init; }

    public IReadOnlyList<RestartRecord> Restarts { get; init; } = [];

    public required double Seconds { get; init; }

    public required IReadOnlyDictionary<string, string> Identity { get; init; }

    public static CheckpointState Of(TrainingState state, TrainingIdentity identity) => new()
    {
        Step = state.Step,
        Curve = [.. state.Curve.Select(CurveRecord.Of)],
        SinceReport = LossSum.Of(state.SinceReport.Sum, state.SinceReport.Count),
        SinceCurve = LossSum.Of(state.SinceCurve.Sum, state.SinceCurve.Count),
        FirstLoss = state.FirstLoss is { } loss ? LossSum.Of(loss, 1) : null,
        Restarts = [.. state.Restarts.Select(RestartRecord.Of)],
        Seconds = state.Elapsed.TotalSeconds,
        Identity = identity.Values,
    };

    /// <summary>Sum of the two terms of some losses.</summary>
    internal sealed record LossSum(double Velocity, double Score, int Count)
    {
        public FlowMatchingLoss Loss => new(Velocity, Score);

        public static LossSum Of(FlowMatchingLoss sum, int count) => new(sum.Velocity, sum.Score, count);
    }
}
