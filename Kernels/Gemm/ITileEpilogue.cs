using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>What becomes of the sums of a product while they are in registers.</summary>
internal interface ITileEpilogue
{
    /// <summary>Takes four sums of one row.</summary>
    /// <param name="row">Row of the product; may lie beyond it.</param>
    /// <param name="column">Column of the first sum; the four may lie beyond the product.</param>
    /// <param name="sums">The sums.</param>
    void Store(int row, int column, Float4 sums);
}
