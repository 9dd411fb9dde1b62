using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A base with its directions packed, once for each block that components share.</summary>
internal sealed unsafe class CpuBaseFlow : BaseFlowBuffer
{
    private readonly CpuKernels kernels;
    private readonly Dictionary<EigenBlock, (PackedWeights Forward, PackedWeights Backward)> packed = [];

    public CpuBaseFlow(BaseFlow source, CpuKernels kernels)
        : base(source)
    {
        this.kernels = kernels;
        Densities = [.. source.Densities.Select(density => density.Factors.Select(factor => new CpuBaseFactor(factor, Packed)).ToArray())];
    }

    /// <summary>Factors of each density.</summary>
    public CpuBaseFactor[][] Densities { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private (PackedWeights Forward, PackedWeights Backward) Packed(EigenBlock block)
    {
        if (!packed.TryGetValue(block, out (PackedWeights Forward, PackedWeights Backward) both))
        {
            both = (Pack(block, false), Pack(block, true));
            packed.Add(block, both);
        }

        return both;
    }

    private PackedWeights Pack(EigenBlock block, bool transposed)
    {
        var directions = new CpuParameterBuffer(block.Directions.Length);
        directions.Write(block.Directions.AsSpan());
        var view = new ParameterView(directions, 0, block.Size, block.Size, block.Size);
        var weights = new PackedWeights(directions.Pointer, view, transposed, kernels);
        for (int task = 0; task < weights.Tasks; task++)
        {
            weights.Pack(task);
        }

        GC.KeepAlive(directions);
        return weights;
    }
}
