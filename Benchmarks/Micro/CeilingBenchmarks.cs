namespace FlowRatio.Benchmarks.Micro;

/// <summary>The machine's multiply-add limit.</summary>
public class CeilingBenchmarks() : SpeedCaseBenchmarks("ceiling");
