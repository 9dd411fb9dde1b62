using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>AVX2 with FMA: tiles of 6 columns by 16 rows fill 12 of 16 registers; a panel takes two.</summary>
internal sealed unsafe class CpuKernels256 : CpuKernels<Simd256, Vector256<float>>
{
    /// <inheritdoc/>
    public override string Name => "avx2";

    /// <inheritdoc/>
    public override ReadOnlySpan<int> TileWidths => [6];

    /// <inheritdoc/>
    public override void GemmTile(float* a, float* b, int columns, int k, float* c, long cStride)
    {
        GemmTiles<Simd256, Vector256<float>>.Tile6(a, b, k, c, cStride);
        GemmTiles<Simd256, Vector256<float>>.Tile6(a + 16, b, k, c + 16, cStride);
    }

    /// <inheritdoc/>
    public override int GradientOutputs => 2;

    /// <inheritdoc/>
    public override void GradientTile(in GradientOperands operands, float* sums, long stride) =>
        GradientTiles<Simd256, Vector256<float>>.Tile2(operands, sums, stride);
}
