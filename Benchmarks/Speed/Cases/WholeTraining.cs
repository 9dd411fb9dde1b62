using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>A short training from data set to model with the default options, validation and weight average included.</summary>
internal sealed class WholeTraining : ISpeedCase
{
    private const int Population = 20_000;
    private readonly ComputeBackend backend;
    private readonly TrainingSet data;
    private readonly TrainingOptions options;

    /// <summary>Prepares a training.</summary>
    public WholeTraining(ComputeBackend backend, int width, int steps)
    {
        this.backend = backend;
        const int d = SpeedNetwork.Dimension;
        data = TrainingSet.FromClasses(
            "distribution",
            d,
            ("denominator", SpeedNetwork.Normal(Population / 2, d, 0)),
            ("numerator", SpeedNetwork.Normal(Population / 2, d, 1)));
        NetworkShape shape = SpeedNetwork.Create(width).Shape;
        options = new TrainingOptions { Network = shape, Steps = steps };
    }

    /// <inheritdoc/>
    public SpeedWork Work => default;

    /// <inheritdoc/>
    public void Run() => FlowTrainer.Train(data, options, backend);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
