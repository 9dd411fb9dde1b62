using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Support;

/// <summary>Training steps of a small flow of two classes, one by one: what the trainer does, without its schedule and reports.</summary>
public sealed class SmallTraining : IDisposable
{
    private const double DropProbability = 0.1;
    private readonly FlowMatchingObjective objective;
    private readonly AdamOptimizer optimizer;
    private readonly WeightAverage? average;

    /// <summary>Prepares the training.</summary>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="shape">The network, for one covariate of two categories.</param>
    /// <param name="rowsPerClass">Rows of data per class.</param>
    /// <param name="batch">Rows per step.</param>
    /// <param name="decay">Decay of the average of the weights; null for none.</param>
    public SmallTraining(ComputeBackend backend, NetworkShape shape, int rowsPerClass, int batch, double? decay = null)
    {
        var random = new RandomData(5);
        int count = rowsPerClass * shape.Dimension;
        TrainingSet set = TrainingSet.FromClasses("c", shape.Dimension, ("a", random.Normal(count)), ("b", random.Normal(count)));
        var network = new VelocityScoreNetwork(shape);
        objective = new FlowMatchingObjective(backend, network, set, PathSchedule.Deterministic, [DropProbability], batch, 1);
        Parameters = backend.CreateParameters(network.ParameterCount);
        Gradients = backend.CreateParameters(network.ParameterCount);
        Parameters.Write<float>(network.Initialize(1));
        optimizer = new AdamOptimizer(backend, network.ParameterCount);
        average = decay is { } kept ? new WeightAverage(backend, Parameters, kept) : null;
    }

    /// <summary>The weights.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>Gradients of the last step.</summary>
    public ParameterBuffer Gradients { get; }

    /// <summary>The last step's loss.</summary>
    public double Loss => objective.Loss.Total;

    /// <summary>Weights, their average if there is one, and the last loss: everything that a training leaves behind.</summary>
    public double[] Results() => [.. Workspace.Read(Parameters), .. average is null ? [] : Workspace.Read(average.Parameters), Loss];

    /// <summary>One step.</summary>
    /// <param name="step">Its number.</param>
    public void Step(long step)
    {
        objective.Forward(Parameters, step);
        objective.Backward(Parameters, Gradients);
        optimizer.Step(Parameters, Gradients, 1e-3, average);
    }

    /// <summary>Frees everything but the backend.</summary>
    public void Dispose()
    {
        objective.Dispose();
        optimizer.Dispose();
        average?.Dispose();
        Parameters.Dispose();
        Gradients.Dispose();
    }
}
