namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A flat buffer of floats that keeps packed copies of the weights in it and knows when they are out of date.</summary>
internal sealed unsafe class CpuParameterBuffer(int length) : ParameterBuffer(length)
{
    private readonly AlignedArray memory = new(length);
    private readonly Dictionary<(ParameterView View, bool Transposed, CpuKernels Kernels), PackedWeights> packed = [];

    public float* Pointer => memory.Pointer;

    public Span<float> Values => memory.Span;

    /// <summary>The packed form of a weight; the caller fills it when its version is not this buffer's.</summary>
    public PackedWeights Packed(ParameterView view, bool transposed, CpuKernels kernels)
    {
        if (!packed.TryGetValue((view, transposed, kernels), out PackedWeights? weights))
        {
            (int outputs, int inner) = transposed ? (view.Columns, view.Rows) : (view.Rows, view.Columns);
            weights = new PackedWeights(outputs, inner, kernels.TileWidthFor(outputs));
            packed.Add((view, transposed, kernels), weights);
        }

        return weights;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source)
    {
        for (int i = 0; i < source.Length; i++)
        {
            Pointer[i] = float.CreateTruncating(source[i]);
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(Pointer[i]);
        }
    }
}
