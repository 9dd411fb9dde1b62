using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// Adds the parts of gradients in order and writes them to their places in the flat buffer: a weight or bias per group in y, an element per
/// thread.
/// </summary>
internal struct WeightGradientSumKernel : IKernel<WeightGradientSumKernel>
{
    public ArrayView<GradientRegion> Regions;

    /// <summary>The first region of this launch.</summary>
    public int FirstRegion;

    /// <summary>The parts of all regions.</summary>
    public ArrayView<float> Parts;

    /// <summary>All gradients.</summary>
    public ArrayView<float> Gradients;

    /// <summary>1 to add to what is there.</summary>
    public int Accumulates;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(WeightGradientSumKernel k)
    {
        GradientRegion region = k.Regions[k.FirstRegion + Grid.IdxY];
        int i = KernelIndex.Element;
        if (i >= region.Rows * region.Columns)
        {
            return;
        }

        int row = i / region.Columns;
        int column = i - (row * region.Columns);
        float sum = GradientRegion.SumOf(region, k.Parts, row, column);
        int to = region.Sum + (row * region.Stride) + column;
        k.Gradients[to] = k.Accumulates != 0 ? k.Gradients[to] + sum : sum;
    }
}
