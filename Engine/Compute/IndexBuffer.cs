namespace FlowRatio.Engine.Compute;

/// <summary>A list of 32-bit integers in a backend's memory: row numbers, categories, sample numbers, statuses.</summary>
public abstract class IndexBuffer : IDisposable
{
    private int length;

    /// <summary>Creates a buffer.</summary>
    /// <param name="capacity">Largest length, at least 1; also the initial length.</param>
    protected IndexBuffer(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        length = capacity;
    }

    /// <summary>Largest length.</summary>
    public int Capacity { get; }

    /// <summary>Number of entries in use.</summary>
    public int Length => length;

    /// <summary>Sets the number of entries in use; the contents become undefined.</summary>
    /// <param name="count">Between 1 and <see cref="Capacity"/>.</param>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        length = count;
    }

    /// <summary>Copies entries in from the host.</summary>
    /// <param name="source"><see cref="Length"/> entries.</param>
    public abstract void Write(ReadOnlySpan<int> source);

    /// <summary>Copies entries out to the host.</summary>
    /// <param name="destination"><see cref="Length"/> entries.</param>
    public abstract void Read(Span<int> destination);

    /// <summary>Sets every entry in use.</summary>
    /// <param name="value">The value.</param>
    public abstract void Fill(int value);

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
