using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Support;

/// <summary>The whole training loss of a small network with two covariates on one backend, as a function of its parameters.</summary>
public sealed class ObjectiveRun : IDisposable
{
    private const int DataRows = 60;
    private const ulong Seed = 12;
    private static readonly int[] Sizes = [3, 2];
    private readonly FlowMatchingObjective objective;
    private readonly ParameterBuffer parameters;
    private readonly ParameterBuffer gradients;
    private readonly AdamOptimizer optimizer;

    /// <summary>Prepares the loss.</summary>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="schedule">Path schedule.</param>
    /// <param name="drops">Drop probability of each of the two covariates.</param>
    /// <param name="rows">Rows per batch.</param>
    /// <param name="headHidden">Width of the heads.</param>
    public ObjectiveRun(ComputeBackend backend, PathSchedule schedule, double[] drops, int rows = 16, int headHidden = 9)
    {
        Network = new VelocityScoreNetwork(new NetworkShape(3, Sizes)
        {
            DataHidden = 8,
            DataCode = 5,
            ConditionHidden = 7,
            ConditionCode = 4,
            TimeFeatures = 6,
            HeadHidden = headHidden,
            HeadLayers = 2,
        });
        var random = new RandomData(Seed);
        var vocabulary = new ConditionVocabulary(
            new CovariateVocabulary("dose", ["none", "low", "high"]), new CovariateVocabulary("sex", ["f", "m"]));
        var set = new TrainingSet(
            random.Normal(DataRows * 3),
            3,
            vocabulary,
            random.Integers(DataRows, 0, Sizes[0]),
            random.Integers(DataRows, 0, Sizes[1]));
        objective = new FlowMatchingObjective(backend, Network, set, schedule, drops, rows, Seed);
        parameters = backend.CreateParameters(Network.ParameterCount);
        gradients = backend.CreateParameters(Network.ParameterCount);
        optimizer = new AdamOptimizer(backend, Network.ParameterCount);
        Start = [.. Network.Initialize(Seed).Select(value => (double)value)];
        parameters.Write<double>(Start);
    }

    /// <summary>The network.</summary>
    public VelocityScoreNetwork Network { get; }

    /// <summary>Initial parameters.</summary>
    public double[] Start { get; }

    /// <summary>The loss at the given parameters on one batch.</summary>
    public FlowMatchingLoss Loss(double[] values, long batch)
    {
        parameters.Write<double>(values);
        objective.Forward(parameters, batch);
        return objective.Loss;
    }

    /// <summary>The gradients by backpropagation at the given parameters on one batch.</summary>
    public double[] Gradients(double[] values, long batch)
    {
        _ = Loss(values, batch);
        objective.Backward(parameters, gradients);
        return Workspace.Read(gradients);
    }

    /// <summary>Some optimiser steps from the initial parameters; the gradients of the last one.</summary>
    public double[] GradientsAfter(int steps)
    {
        parameters.Write<double>(Start);
        for (int step = 0; step < steps; step++)
        {
            objective.Forward(parameters, step);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, 1e-2);
        }

        return Workspace.Read(gradients);
    }

    /// <summary>Frees everything but the backend.</summary>
    public void Dispose()
    {
        objective.Dispose();
        parameters.Dispose();
        gradients.Dispose();
        optimizer.Dispose();
    }
}
