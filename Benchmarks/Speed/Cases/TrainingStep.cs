using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// One optimiser step: choose rows, sample the path, forward, losses, backward, Adam; with or without the weight average, and with or without whitened inputs
/// (whose renewal every 200 steps is not in it).
/// </summary>
internal sealed class TrainingStep : ISpeedCase
{
    private const int Population = 20_000;
    private const double LearningRate = 1e-4;
    private const double Damping = 0.1;
    private readonly FlowMatchingObjective objective;
    private readonly ParameterBuffer parameters;
    private readonly ParameterBuffer gradients;
    private readonly AdamOptimizer optimizer;
    private readonly WeightAverage? average;
    private readonly RepeatedWork repeated;
    private long step;

    /// <summary>Prepares training of a network with heads of a width.</summary>
    public TrainingStep(ComputeBackend backend, int width, int batch, bool averaged, bool whitened = false)
    {
        VelocityScoreNetwork network = SpeedNetwork.Create(width);
        const int d = SpeedNetwork.Dimension;
        TrainingSet set = TrainingSet.FromClasses(
            "distribution",
            d,
            ("denominator", SpeedNetwork.Normal(Population / 2, d, 0)),
            ("numerator", SpeedNetwork.Normal(Population / 2, d, 1)));
        objective = new FlowMatchingObjective(backend, network, set, PathSchedule.Deterministic, [0], batch, 1, whitening: whitened ? Damping : null);
        parameters = backend.CreateParameters(network.ParameterCount);
        gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        if (whitened)
        {
            objective.Forward(parameters, 0);
            objective.Pass.ObserveInputs();
            objective.Pass.RenewWhitening();
        }

        optimizer = new AdamOptimizer(backend, network.ParameterCount);
        average = averaged ? new WeightAverage(backend, parameters, 0.999) : null;
        repeated = backend.CreateRepeatedWork();
        Work = new SpeedWork(batch * SpeedNetwork.TrainingFlop(network.Shape));
    }

    /// <inheritdoc/>
    public SpeedWork Work { get; }

    /// <inheritdoc/>
    public void Run()
    {
        repeated.Begin();
        objective.Forward(parameters, step++);
        objective.Backward(parameters, gradients);
        optimizer.Step(parameters, gradients, LearningRate, average);
        repeated.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        objective.Dispose();
        parameters.Dispose();
        gradients.Dispose();
        optimizer.Dispose();
        average?.Dispose();
        repeated.Dispose();
    }
}
