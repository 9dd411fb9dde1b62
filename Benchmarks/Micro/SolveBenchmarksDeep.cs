namespace FlowRatio.Benchmarks.Micro;

/// <summary>Whole solves of 1,000 points with the default options.</summary>
public class SolveBenchmarksDeep() : SpeedCaseBenchmarks("solve/");
