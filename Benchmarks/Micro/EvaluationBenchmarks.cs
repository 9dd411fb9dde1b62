namespace FlowRatio.Benchmarks.Micro;

/// <summary>One evaluation of the log-ratio's rate for 1,000 points along S1, S2, S3 and of the naive baseline.</summary>
public class EvaluationBenchmarks() : SpeedCaseBenchmarks("evaluation/");
