namespace FlowRatio.Benchmarks.Micro;

/// <summary>Trainings of 500 steps from data set to model.</summary>
public class TrainingBenchmarksDeep() : SpeedCaseBenchmarks("training/");
