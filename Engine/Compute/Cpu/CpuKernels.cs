using System.Runtime.Intrinsics.X86;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The inner loops, chosen once by instruction set. All pointers are to panel data: feature j of 32 rows at 32 j.</summary>
internal abstract unsafe class CpuKernels
{
    /// <summary>Name of the instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>Output features per GEMM tile.</summary>
    public abstract int TileColumns { get; }

    /// <summary>The fastest kernels that this processor runs.</summary>
    public static CpuKernels Detect() =>
        Avx512F.IsSupported ? new CpuKernels512()
        : Avx2.IsSupported && Fma.IsSupported ? new CpuKernels256()
        : new CpuKernels128();

    /// <summary>
    /// One GEMM tile: c[j][lane] = sum over k in order of a[k][lane] b[k][j], for <see cref="TileColumns"/> columns and 32 lanes.
    /// Each element is one chain of (fused) multiply-adds over k, so its bits do not depend on what else is computed.
    /// </summary>
    /// <param name="a">Panel input, 32 floats per k.</param>
    /// <param name="b">Packed weights, TileColumns floats per k.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="c">Output; column j at j cStride.</param>
    /// <param name="cStride">Distance between output columns.</param>
    public abstract void GemmTile(float* a, float* b, int k, float* c, long cStride);

    /// <summary>values[j][lane] = f(values[j][lane] + bias[j]).</summary>
    public abstract void BiasActivation(float* values, float* bias, int columns, Activation activation);

    /// <summary>values[j][lane] *= selu'(.) at the SELU outputs <paramref name="activations"/>.</summary>
    public abstract void MultiplyBySeluDerivative(float* values, float* activations, int columns);

    /// <summary>values[j][lane] *= elu'(.) at the ELU outputs <paramref name="activations"/>.</summary>
    public abstract void MultiplyByEluDerivative(float* values, float* activations, int columns);

    /// <summary>output[j][lane] = selu(shared[j][lane] + condition[j] + time[j][lane or 0]).</summary>
    /// <param name="shared">Panel.</param>
    /// <param name="condition">Element j at 32 j (a row of a panel matrix).</param>
    /// <param name="time">Element j at 32 j: one row's, or with <paramref name="timePerRow"/> a panel.</param>
    /// <param name="timePerRow">Whether time differs per lane.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="output">Panel.</param>
    public abstract void ExpandPrimal(
        float* shared, float* condition, float* time, bool timePerRow, int columns, float* output);

    /// <summary>output[j][lane] = selu'(.) shared[j][lane] at the SELU outputs <paramref name="activations"/>.</summary>
    public abstract void ExpandTangent(float* shared, float* activations, int columns, float* output);
}
