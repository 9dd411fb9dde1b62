using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>128-bit vectors: tiles of 6 columns by 8 rows; a panel takes four.</summary>
internal sealed unsafe class CpuKernels128 : CpuKernels<Simd128, Vector128<float>>
{
    /// <inheritdoc/>
    public override string Name => "vector128";

    /// <inheritdoc/>
    public override ReadOnlySpan<int> TileWidths => [6];

    /// <inheritdoc/>
    public override void GemmTile(float* a, float* b, int columns, int k, float* c, long cStride)
    {
        for (int lane = 0; lane < CpuMatrix.PanelRows; lane += 8)
        {
            GemmTiles<Simd128, Vector128<float>>.Tile6(a + lane, b, k, c + lane, cStride);
        }
    }

    /// <inheritdoc/>
    public override int GradientOutputs => 2;

    /// <inheritdoc/>
    public override void GradientTile(in GradientOperands operands, float* sums, long stride) =>
        GradientTiles<Simd128, Vector128<float>>.Tile2(operands, sums, stride);
}
