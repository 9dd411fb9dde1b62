using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A base with its directions packed.</summary>
internal sealed class CpuBaseFlow(BaseFlow source, CpuKernels kernels) : BaseFlowBuffer(source)
{
    /// <summary>Components of each density.</summary>
    public CpuBaseComponent[][] Densities { get; } =
        [.. source.Densities.Select(density => density.Components.Select(one => new CpuBaseComponent(one, kernels)).ToArray())];

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents { get; } = source.MostComponents;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
