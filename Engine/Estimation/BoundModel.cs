using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Estimation;

/// <summary>A flow ready to be evaluated, with what must be done to points before, and what must be disposed after.</summary>
internal sealed class BoundModel : IDisposable
{
    private readonly ComputeBackend? ownedBackend;
    private readonly ParameterBuffer? parameters;
    private readonly BaseFlowBuffer? baseFlow;

    /// <summary>Puts a model's parameters on a backend; without one, on a CPU backend of its own.</summary>
    public BoundModel(FlowModel model, ComputeBackend? backend)
    {
        ArgumentNullException.ThrowIfNull(model);
        ownedBackend = backend is null ? new CpuBackend() : null;
        ComputeBackend used = backend ?? ownedBackend!;
        parameters = used.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        baseFlow = model.Base is null ? null : used.CreateBaseFlow(model.Base);
        Flow = new NetworkFlow(used, model.Network, parameters, model.Schedule, baseFlow) { RecordedImpliedScore = model.ImpliedScore };
        Standardization = model.Standardization;
    }

    /// <summary>Takes a flow as it is.</summary>
    public BoundModel(ConditionalFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Flow = flow;
    }

    public ConditionalFlow Flow { get; }

    public Standardization? Standardization { get; }

    /// <summary>Number of points, after checking their shape and values.</summary>
    public int RequirePoints(ReadOnlySpan<float> points) => RequirePoints(points, Flow.Dimension);

    /// <summary>Number of points of a given dimension, after checking their shape and values.</summary>
    public static int RequirePoints(ReadOnlySpan<float> points, int dimension)
    {
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
        }

        for (int i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]))
            {
                throw new ArgumentException(
                    $"points has the value {points[i]} in row {i / dimension}, column {i % dimension}; only finite values can be estimated.",
                    nameof(points));
            }
        }

        return points.Length / dimension;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        baseFlow?.Dispose();
        parameters?.Dispose();
        ownedBackend?.Dispose();
    }
}
