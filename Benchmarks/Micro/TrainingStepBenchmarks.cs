namespace FlowRatio.Benchmarks.Micro;

/// <summary>One optimiser step at batch 512, with and without the weight average, and with whitened inputs.</summary>
public class TrainingStepBenchmarks() : SpeedCaseBenchmarks("training-step/", "training-step-averaged/", "training-step-whitened/");
