using System.Numerics;
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
        try
        {
            using var construction = new Construction(used);
            parameters = used.CreateParameters(model.Network.ParameterCount);
            parameters.Write(model.Parameters);
            baseFlow = model.Base is null ? null : used.CreateBaseFlow(model.Base);
            Flow = new NetworkFlow(used, model.Network, parameters, model.Schedule, baseFlow) { RecordedImpliedScore = model.ImpliedScore };
            construction.Complete();
        }
        catch
        {
            ownedBackend?.Dispose();
            throw;
        }

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

    /// <summary>The points in the flow's coordinates, after checking their shape and values.</summary>
    public float[] Places<T>(ReadOnlySpan<T> points)
        where T : unmanaged, INumberBase<T>
    {
        RequirePoints(points, Flow.Dimension);
        float[] places = new float[points.Length];
        if (Standardization is not null)
        {
            Standardization.Apply(points, places);
            return places;
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i] = float.CreateTruncating(points[i]);
        }

        return places;
    }

    /// <summary>Number of points of a given dimension, after checking their shape and values.</summary>
    public static int RequirePoints<T>(ReadOnlySpan<T> points, int dimension)
        where T : unmanaged, INumberBase<T>
    {
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
        }

        for (int i = 0; i < points.Length; i++)
        {
            if (!T.IsFinite(points[i]))
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
