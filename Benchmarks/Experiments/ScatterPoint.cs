namespace FlowRatio.Benchmarks.Experiments;

/// <summary>A test point's exact and estimated log-ratio, in nats.</summary>
/// <param name="Truth">Exact.</param>
/// <param name="Estimate">Estimated; NaN where the method failed.</param>
public readonly record struct ScatterPoint(double Truth, double Estimate);
