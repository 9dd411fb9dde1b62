using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>One point of the learning curve.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Training">Mean training loss since the last point.</param>
/// <param name="Validation">Validation loss of the averaged weights, or null without held-out rows.</param>
public readonly record struct LearningCurvePoint(int Step, FlowMatchingLoss Training, FlowMatchingLoss? Validation);
