namespace FlowRatio.Benchmarks.Micro;

/// <summary>A whole head's forward pass for 1,000 rows.</summary>
public class HeadBenchmarks() : SpeedCaseBenchmarks("head/");
