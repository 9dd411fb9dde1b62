using FlowRatio.Training.Objectives;

namespace FlowRatio.Training.Records;

/// <summary>A point of a learning curve in a file.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Velocity">Training loss of the velocity since the last point.</param>
/// <param name="Score">Training loss of the score.</param>
/// <param name="HeldOutVelocity">Loss of the velocity on held-out rows, or null without them.</param>
/// <param name="HeldOutScore">Loss of the score on held-out rows.</param>
public sealed record CurveRecord(int Step, double Velocity, double Score, double? HeldOutVelocity = null, double? HeldOutScore = null)
{
    /// <summary>The record of a point.</summary>
    /// <param name="point">The point.</param>
    public static CurveRecord Of(LearningCurvePoint point) => new(
        point.Step, point.Training.Velocity, point.Training.Score, point.Validation?.Velocity, point.Validation?.Score);

    /// <summary>The point.</summary>
    public LearningCurvePoint ToPoint() => new(
        Step,
        new FlowMatchingLoss(Velocity, Score),
        HeldOutVelocity is { } velocity && HeldOutScore is { } score ? new FlowMatchingLoss(velocity, score) : null);
}
