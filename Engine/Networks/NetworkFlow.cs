using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Networks;

/// <summary>A conditional flow given by a network and its parameters.</summary>
public sealed class NetworkFlow : ConditionalFlow
{
    /// <summary>Binds parameters to a backend.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">Structure.</param>
    /// <param name="parameters">Parameters in that backend's memory; the caller keeps ownership.</param>
    /// <param name="schedule">Path schedule of its training, or null when unknown.</param>
    public NetworkFlow(
        ComputeBackend backend, VelocityScoreNetwork network, ParameterBuffer parameters, PathSchedule? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Length != network.ParameterCount)
        {
            throw new ArgumentException(
                $"parameters has {parameters.Length} elements; the network has {network.ParameterCount}.", nameof(parameters));
        }

        Backend = backend;
        Network = network;
        Parameters = parameters;
        Schedule = schedule;
    }

    /// <inheritdoc/>
    public override ComputeBackend Backend { get; }

    /// <summary>Structure.</summary>
    public VelocityScoreNetwork Network { get; }

    /// <summary>Parameters.</summary>
    public ParameterBuffer Parameters { get; }

    /// <inheritdoc/>
    public override int Dimension => Network.Shape.Dimension;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Covariates => Network.Shape.Covariates;

    /// <inheritdoc/>
    public override PathSchedule? Schedule { get; }

    /// <inheritdoc/>
    public override long WorkspaceBytesPerRow(in StackLayout stack)
    {
        NetworkShape shape = Network.Shape;
        long perShared = shape.Dimension + shape.DataHidden + shape.DataCode + shape.HeadHidden;
        long perSegment = shape.Dimension + (2 * shape.HeadHidden);
        return sizeof(float) * (((1 + stack.Probes) * perShared) + (stack.Segments * perSegment));
    }

    /// <inheritdoc/>
    public override FlowEvaluator CreateEvaluator(EvaluationPlan plan) => new NetworkEvaluator(this, plan);
}
