namespace FlowRatio.Benchmarks.Micro;

/// <summary>A thin product without epilogue, with bias and SELU, and with SELU and its derivative on tangents.</summary>
public class EpilogueBenchmarks() : SpeedCaseBenchmarks("epilogue/");
