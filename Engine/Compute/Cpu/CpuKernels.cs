using System.Runtime.Intrinsics.X86;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The inner loops, chosen once by instruction set. All pointers are to panel data: feature j of 32 rows at 32 j.</summary>
internal abstract unsafe class CpuKernels
{
    /// <summary>Features that <see cref="SumRows"/> sums at once.</summary>
    public const int SummedFeatures = 4;

    /// <summary>Name of the instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>The widths that <see cref="GemmTile"/> knows, in output features.</summary>
    public abstract ReadOnlySpan<int> TileWidths { get; }

    /// <summary>The fastest kernels that this processor runs.</summary>
    public static CpuKernels Detect() =>
        Avx512F.IsSupported ? new CpuKernels512()
        : Avx2.IsSupported && Fma.IsSupported ? new CpuKernels256()
        : new CpuKernels128();

    /// <summary>The tile width that wastes least on a product with so many output features.</summary>
    public int TileWidthFor(int outputs)
    {
        int best = 0, lowest = int.MaxValue;
        foreach (int width in TileWidths)
        {
            // Time of a tile: its multiply-adds, and loads and stores that do not grow with the width (about one column's worth).
            int cost = Division.Up(outputs, width) * (width + 1);
            if (cost < lowest)
            {
                (best, lowest) = (width, cost);
            }
        }

        return best;
    }

    /// <summary>
    /// One GEMM tile: c[j][lane] = sum over k in order of a[k][lane] b[k][j], for so many columns and 32 lanes.
    /// Each element is one chain of (fused) multiply-adds over k, so its bits do not depend on what else is computed.
    /// </summary>
    /// <param name="a">Panel input, 32 floats per k.</param>
    /// <param name="b">Packed weights, <paramref name="columns"/> floats per k.</param>
    /// <param name="columns">One of <see cref="TileWidths"/>.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="c">Output; column j at j cStride.</param>
    /// <param name="cStride">Distance between output columns.</param>
    public abstract void GemmTile(float* a, float* b, int columns, int k, float* c, long cStride);

    /// <summary>Output features per tile of a weight gradient.</summary>
    public abstract int GradientOutputs { get; }

    /// <summary>
    /// One tile of dW = dY^T X: sums[o stride + i] over all rows, for <see cref="GradientOutputs"/> outputs and
    /// <see cref="WeightGradientWork.TileInputs"/> inputs.
    /// </summary>
    public abstract void GradientTile(in GradientOperands operands, float* sums, long stride);

    /// <summary>sums[j] = sum over all rows of feature j, for <see cref="SummedFeatures"/> features.</summary>
    /// <param name="first">First panel, from the first feature on.</param>
    /// <param name="panelStride">Distance of panels.</param>
    /// <param name="panels">Panels before the last one.</param>
    /// <param name="tail">The last panel, zeros in lanes that do not count.</param>
    /// <param name="sums">Output.</param>
    public abstract void SumRows(float* first, long panelStride, int panels, float* tail, float* sums);

    /// <summary>Two standard normal deviates for each of 32 lanes from two words of random bits.</summary>
    public abstract void Normals(uint* firstWord, uint* secondWord, float* first, float* second);

    /// <summary>cosine[lane] = cos(frequency t[lane]) and the sine, for 32 lanes and any float.</summary>
    public abstract void TimeFeature(float* times, float frequency, float* cosine, float* sine);

    /// <summary>One feature of 32 path samples; <paramref name="velocity"/> holds x_1 on entry.</summary>
    public abstract void PathFeature(in PathRows rows, float* noise, float* point, float* velocity, float* score);

    /// <summary>Averages the targets of one panel of a batch over references (see <see cref="ComputeBackend.AverageTargets"/>).</summary>
    public abstract void AverageTargets(in TargetAverageRows rows);

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
