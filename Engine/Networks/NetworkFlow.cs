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
    /// <param name="baseFlow">
    /// A base whose velocity and score are added to the network's, in that backend's memory; the caller keeps ownership. Null for none.
    /// </param>
    public NetworkFlow(
        ComputeBackend backend,
        VelocityScoreNetwork network,
        ParameterBuffer parameters,
        PathSchedule? schedule = null,
        BaseFlowBuffer? baseFlow = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Length != network.ParameterCount)
        {
            throw new ArgumentException(
                $"parameters has {parameters.Length} elements; the network has {network.ParameterCount}.", nameof(parameters));
        }

        if (baseFlow is not null && (schedule is null || baseFlow.Dimension != network.Shape.Dimension))
        {
            throw new ArgumentException(
                $"baseFlow has the dimension {baseFlow.Dimension} and the schedule {schedule?.Name ?? "null"}; the network has the dimension "
                + $"{network.Shape.Dimension}, and a base needs a schedule.",
                nameof(baseFlow));
        }

        Backend = backend;
        Network = network;
        Base = baseFlow;
        Parameters = parameters;
        Schedule = schedule;
    }

    /// <inheritdoc/>
    public override ComputeBackend Backend { get; }

    /// <summary>Structure.</summary>
    public VelocityScoreNetwork Network { get; }

    /// <summary>Parameters.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>The base under the network, or null.</summary>
    public BaseFlowBuffer? Base { get; }

    /// <inheritdoc/>
    public override int Dimension => Network.Shape.Dimension;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Covariates => Network.Shape.Covariates;

    /// <inheritdoc/>
    public override PathSchedule? Schedule { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Half for networks alone (docs/accuracy.md). With a base most of the score is exact as it is, and what was learned of it better than what the
    /// velocity implies.
    /// </remarks>
    public override double ImpliedScore => RecordedImpliedScore ?? DefaultImpliedScore(Base is not null);

    /// <summary>What the model says itself; null where it says nothing.</summary>
    internal double? RecordedImpliedScore { get; init; }

    /// <summary>The share of each score to take from the velocity where neither model nor caller say it.</summary>
    /// <param name="hasBase">Whether there is a base under the network.</param>
    public static double DefaultImpliedScore(bool hasBase) => hasBase ? 0 : 0.5;

    /// <inheritdoc/>
    public override long WorkspaceBytesPerRow(in StackLayout stack)
    {
        NetworkShape shape = Network.Shape;
        long perShared = shape.Dimension + shape.DataHidden + shape.DataCode + shape.HeadHidden;
        long perSegment = shape.Dimension + (2 * shape.HeadHidden);
        return (sizeof(float) * (((1 + stack.Probes) * perShared) + (stack.Segments * perSegment))) + (Base?.WorkspaceBytesPerRow ?? 0);
    }

    /// <inheritdoc/>
    public override FlowEvaluator CreateEvaluator(EvaluationPlan plan) => new NetworkEvaluator(this, plan);
}
