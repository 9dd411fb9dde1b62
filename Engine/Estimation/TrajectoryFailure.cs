namespace FlowRatio.Engine.Estimation;

/// <summary>A trajectory on which a value stopped being finite.</summary>
/// <param name="Sample">Index of the point.</param>
/// <param name="Time">End of the step after which it was seen.</param>
/// <param name="Quantity">What was not finite at the end: the point or the log-density terms alone.</param>
public readonly record struct TrajectoryFailure(int Sample, double Time, string Quantity);
