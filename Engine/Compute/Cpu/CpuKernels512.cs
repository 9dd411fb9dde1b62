using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>AVX-512: tiles of 14 columns by 32 rows fill 28 of 32 registers; narrower ones where 14 would waste columns.</summary>
internal sealed unsafe class CpuKernels512 : CpuKernels<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public override string Name => "avx512";

    /// <inheritdoc/>
    public override ReadOnlySpan<int> TileWidths => [14, 10, 6];

    /// <inheritdoc/>
    public override void GemmTile(float* a, float* b, int columns, int k, float* c, long cStride)
    {
        switch (columns)
        {
            case 14:
                GemmTiles<Simd512, Vector512<float>>.Tile14(a, b, k, c, cStride);
                break;
            case 10:
                GemmTiles<Simd512, Vector512<float>>.Tile10(a, b, k, c, cStride);
                break;
            default:
                GemmTiles<Simd512, Vector512<float>>.Tile6(a, b, k, c, cStride);
                break;
        }
    }

    /// <inheritdoc/>
    public override int GradientOutputs => 6;

    /// <inheritdoc/>
    public override void GradientTile(in GradientOperands operands, float* sums, long stride) =>
        GradientTiles<Simd512, Vector512<float>>.Tile6(operands, sums, stride);
}
