namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Error of a trained flow's log-ratios for one number of solver steps.</summary>
/// <param name="Steps">Solver steps.</param>
/// <param name="Evaluations">Evaluations of the flow per point.</param>
/// <param name="SecondsPerPoint">Wall-clock seconds per point.</param>
/// <param name="Mse">Mean squared error in nats squared.</param>
public readonly record struct WorkPoint(int Steps, double Evaluations, double SecondsPerPoint, double Mse);
