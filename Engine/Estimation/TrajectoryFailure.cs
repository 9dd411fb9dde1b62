using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>A trajectory that has no usable end.</summary>
/// <param name="Sample">Number of the sample.</param>
/// <param name="Time">Time that was reached, or at which a value was first seen not to be finite.</param>
/// <param name="Status">What happened.</param>
/// <param name="Quantity">What was not finite (the point, or the log-density terms alone), or "step size".</param>
public readonly record struct TrajectoryFailure(int Sample, double Time, SolveStatus Status, string Quantity);
