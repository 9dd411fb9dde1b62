using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>AVX-512: tiles of 14 columns by 32 rows fill 28 of 32 registers.</summary>
internal sealed unsafe class CpuKernels512 : CpuKernels<Simd512, Vector512<float>>
{
    /// <inheritdoc/>
    public override string Name => "avx512";

    /// <inheritdoc/>
    public override void GemmTile(float* a, float* b, int k, float* c, long cStride) =>
        GemmTiles<Simd512, Vector512<float>>.Tile14(a, b, k, c, cStride);
}
