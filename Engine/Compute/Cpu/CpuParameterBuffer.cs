namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A flat buffer of floats that keeps packed copies of the weights in it and knows when they are out of date.</summary>
internal sealed unsafe class CpuParameterBuffer(int length) : ParameterBuffer(length)
{
    private readonly AlignedArray memory = new(length);
    private readonly Dictionary<(ParameterView View, bool Transposed, int TileColumns), PackedWeights> packed = [];

    public float* Pointer => memory.Pointer;

    public Span<float> Values => memory.Span;

    /// <summary>The packed form of a weight; the caller fills it when its version is not this buffer's.</summary>
    public PackedWeights Packed(ParameterView view, bool transposed, int tileColumns)
    {
        if (!packed.TryGetValue((view, transposed, tileColumns), out PackedWeights? weights))
        {
            weights = transposed
                ? new PackedWeights(view.Columns, view.Rows, tileColumns)
                : new PackedWeights(view.Rows, view.Columns, tileColumns);
            packed.Add((view, transposed, tileColumns), weights);
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
