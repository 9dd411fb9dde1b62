namespace FlowRatio.Benchmarks.Micro;

/// <summary>Products of layers: forward (weights packed, or packed anew), data gradient, weight gradient.</summary>
public class ProductBenchmarks() : SpeedCaseBenchmarks("gemm/");
