using FlowRatio.Engine.Models;

namespace FlowRatio.Training;

/// <summary>A trained time score.</summary>
/// <param name="Model">The model with the weights after the last step (never those of a step that a test error chose).</param>
/// <param name="FinalLoss">Mean loss over the last steps.</param>
/// <param name="Duration">Wall-clock time.</param>
public sealed record TimeScoreTrainingResult(TimeScoreModel Model, double FinalLoss, TimeSpan Duration);
