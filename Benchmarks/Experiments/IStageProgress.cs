using FlowRatio.Engine.Estimation;
using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Progress of one stage of an experiment: a training or an estimation.</summary>
public interface IStageProgress : IProgress<TrainingProgress>, IProgress<TimeScoreProgress>, IProgress<EstimationProgress>;
