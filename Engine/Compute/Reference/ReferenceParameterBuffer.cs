namespace FlowRatio.Engine.Compute.Reference;

/// <summary>A flat buffer of doubles.</summary>
internal sealed class ReferenceParameterBuffer(int length) : ParameterBuffer(length)
{
    /// <summary>The values.</summary>
    public double[] Values { get; } = new double[length];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source)
    {
        for (int i = 0; i < source.Length; i++)
        {
            Values[i] = double.CreateTruncating(source[i]);
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(Values[i]);
        }
    }
}
