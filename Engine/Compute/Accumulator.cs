namespace FlowRatio.Engine.Compute;

/// <summary>
/// float64 sums in a backend's memory, <c>[Series, Rows]</c>: log-ratios, log-densities, losses. They decide results, so they
/// are kept in double precision on every backend and added in a fixed order.
/// </summary>
public abstract class Accumulator : IDisposable
{
    private int rows;

    /// <summary>Creates an accumulator of zeros.</summary>
    /// <param name="series">Number of sums per row, at least 1.</param>
    /// <param name="capacity">Largest number of rows, at least 1; also the initial number.</param>
    protected Accumulator(int series, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(series, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Series = series;
        Capacity = capacity;
        rows = capacity;
    }

    /// <summary>Number of sums per row.</summary>
    public int Series { get; }

    /// <summary>Largest number of rows.</summary>
    public int Capacity { get; }

    /// <summary>Number of rows (samples).</summary>
    public int Rows => rows;

    /// <summary>Sets the number of rows; the contents become undefined if it changes.</summary>
    /// <param name="count">Between 1 and <see cref="Capacity"/>.</param>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        rows = count;
    }

    /// <summary>Sets every sum to zero.</summary>
    public abstract void Clear();

    /// <summary>Copies one series to the host.</summary>
    /// <param name="series">The series.</param>
    /// <param name="destination"><see cref="Rows"/> values.</param>
    public abstract void Read(int series, Span<double> destination);

    /// <summary>Copies one series from the host.</summary>
    /// <param name="series">The series.</param>
    /// <param name="source"><see cref="Rows"/> values.</param>
    public abstract void Write(int series, ReadOnlySpan<double> source);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected abstract void Dispose(bool disposing);
}
