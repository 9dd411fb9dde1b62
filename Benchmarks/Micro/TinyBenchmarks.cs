namespace FlowRatio.Benchmarks.Micro;

/// <summary>The same things at sizes of no interest, to check the machinery.</summary>
public class TinyBenchmarks() : SpeedCaseBenchmarks("tiny/");
