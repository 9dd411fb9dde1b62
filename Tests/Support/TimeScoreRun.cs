using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Support;

/// <summary>The whole loss of a small time-score network on one backend, as a function of its parameters.</summary>
public sealed class TimeScoreRun : IDisposable
{
    private const int Dimension = 3;
    private const ulong Seed = 17;
    private readonly DataSetPairs pairs;
    private readonly TimeScoreObjective objective;
    private readonly ParameterBuffer parameters;
    private readonly ParameterBuffer gradients;
    private readonly AdamOptimizer optimizer;

    /// <summary>Prepares the loss.</summary>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="loss">Which loss.</param>
    /// <param name="path">Path and weight.</param>
    /// <param name="rows">Pairs per batch.</param>
    /// <param name="hidden">Width of the network.</param>
    public TimeScoreRun(ComputeBackend backend, TimeScoreLoss loss, TimeScorePath path, int rows = 16, int hidden = 9)
    {
        Network = new TimeScoreNetwork(
            new TimeScoreShape(Dimension) { Hidden = hidden, HiddenLayers = 2, PerCoordinate = loss == TimeScoreLoss.ConditionalPerCoordinate });
        var random = new RandomData(Seed);
        pairs = new DataSetPairs(
            backend, random.Normal(40 * Dimension), [.. random.Normal(50 * Dimension).Select(value => value + 1)], Dimension, rows, Seed);
        objective = TimeScoreObjective.Create(loss, backend, Network, pairs, path, rows, Seed);
        parameters = backend.CreateParameters(Network.ParameterCount);
        gradients = backend.CreateParameters(Network.ParameterCount);
        optimizer = new AdamOptimizer(backend, Network.ParameterCount);
        Start = [.. Network.Initialize(Seed).Select(value => (double)value)];
        parameters.Write<double>(Start);
    }

    /// <summary>The network.</summary>
    public TimeScoreNetwork Network { get; }

    /// <summary>Initial parameters.</summary>
    public double[] Start { get; }

    /// <summary>The loss at the given parameters on one batch.</summary>
    public double Loss(double[] values, long batch)
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

    /// <summary>One optimiser step from the current parameters.</summary>
    public void Step(long batch)
    {
        objective.Forward(parameters, batch);
        objective.Backward(parameters, gradients);
        optimizer.Step(parameters, gradients, 1e-2);
        _ = objective.Loss;
    }

    /// <summary>Some optimiser steps from the initial parameters; the gradients of the last one.</summary>
    public double[] GradientsAfter(int steps)
    {
        parameters.Write<double>(Start);
        for (int step = 0; step < steps; step++)
        {
            Step(step);
        }

        return Workspace.Read(gradients);
    }

    /// <summary>Frees everything but the backend.</summary>
    public void Dispose()
    {
        objective.Dispose();
        pairs.Dispose();
        parameters.Dispose();
        gradients.Dispose();
        optimizer.Dispose();
    }
}
