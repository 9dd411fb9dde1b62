using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>One factor of a density: its coordinates among those of the points, and its components in their own order.</summary>
internal sealed class CpuBaseFactor(BaseFactor factor, Func<EigenBlock, (PackedWeights Forward, PackedWeights Backward)> pack)
{
    /// <summary>Numbers of the coordinates.</summary>
    public int[] Coordinates { get; } = [.. factor.Coordinates];

    /// <summary>The components.</summary>
    public CpuBaseComponent[] Components { get; } = [.. factor.Components.Select(component => new CpuBaseComponent(component, pack))];
}
