namespace FlowRatio.Engine.Compute;

/// <summary>An <see cref="Accumulator"/> in managed memory, for backends that compute on the host.</summary>
internal sealed class HostAccumulator(int series, int capacity) : Accumulator(series, capacity)
{
    private readonly double[] values = new double[(long)series * capacity];

    /// <summary>The values of one series, one per row.</summary>
    public Span<double> Values(int series) => values.AsSpan(series * Capacity, Rows);

    /// <inheritdoc/>
    public override void Clear() => Array.Clear(values);

    /// <inheritdoc/>
    public override void Read(int series, Span<double> destination) => Require(series, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Write(int series, ReadOnlySpan<double> source) => source.CopyTo(Require(series, source.Length));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private Span<double> Require(int series, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(series, Series);
        return length == Rows
            ? Values(series)
            : throw new ArgumentException($"{length} elements given; the accumulator has {Rows} rows.");
    }
}
