using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Training.Checkpoints;
using FlowRatio.Training.Data;

namespace FlowRatio.Training;

/// <summary>Trains a conditional flow from beginning to end; the steps are those of <see cref="FlowTraining"/>.</summary>
public static class FlowTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed at the end.</param>
    /// <param name="progress">Told every few steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range, or too few rows remain for training.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite, or has exploded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Train(
        TrainingSet data,
        TrainingOptions? options = null,
        ComputeBackend? backend = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        options.Validate();
        if (backend is not null)
        {
            return TrainOn(backend, data, options, null, progress, cancellation);
        }

        using var own = new CpuBackend();
        return TrainOn(own, data, options, null, progress, cancellation);
    }

    /// <summary>Trains a model whose training can be interrupted at any moment.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How to train.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="checkpoints">Where the state is kept meanwhile, and continued from.</param>
    /// <param name="progress">Told every few steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range, too few rows remain, or the checkpoint is that of another training.</exception>
    /// <exception cref="TrainingDivergedException">The loss is not finite, or has exploded; the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint of the last step has been written, unless a base was still being chosen or fitted.</exception>
    public static TrainingResult Train(
        TrainingSet data,
        TrainingOptions options,
        ComputeBackend backend,
        ITrainingCheckpoints checkpoints,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(checkpoints);
        return TrainOn(backend, data, options, checkpoints, progress, cancellation);
    }

    private static TrainingResult TrainOn(
        ComputeBackend backend,
        TrainingSet data,
        TrainingOptions options,
        ITrainingCheckpoints? checkpoints,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        using var training = new FlowTraining(backend, data, options, progress, cancellation);
        checkpoints?.Restore(training);
        while (!training.IsComplete)
        {
            if (cancellation.IsCancellationRequested)
            {
                checkpoints?.Write(training);
                throw new OperationCanceledException($"Stopped after step {training.Step} of {options.Steps}.", cancellation);
            }

            training.Advance();
            if (training.HasReport)
            {
                progress?.Report(training.Progress);
            }

            if (checkpoints?.IsDue == true)
            {
                checkpoints.Write(training);
            }
        }

        return training.Result();
    }
}
