namespace FlowRatio.Engine.Compute;

/// <summary>What <see cref="ComputeBackend.AddBaseFlow"/> adds to; null for what is not wanted.</summary>
/// <param name="Velocity"><c>[1; n, d]</c>.</param>
/// <param name="Score"><c>[1; n, d]</c>.</param>
/// <param name="ScoreWeight">Factor of the score, <c>[1; n, 1]</c>.</param>
/// <param name="Series">Series of the divergence.</param>
/// <param name="Divergence">n rows.</param>
public readonly record struct BaseFlowOutputs(
    Matrix? Velocity, Matrix? Score, Matrix? ScoreWeight, int Series, Accumulator? Divergence);
