using System.Numerics;

namespace FlowRatio.Engine.Compute;

/// <summary>
/// All parameters of a network (or their gradients, or their optimiser state) in one flat array in a backend's memory, so that
/// the optimiser, averaging and checkpoints touch one array.
/// </summary>
public abstract class ParameterBuffer : IDisposable
{
    /// <summary>Creates a buffer.</summary>
    /// <param name="length">Number of parameters, at least 1.</param>
    protected ParameterBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
    }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }

    /// <summary>Grows with every change of the values, so that what was derived from them can be renewed.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>To be called by a backend after it has changed the values.</summary>
    public void MarkChanged() => Version++;

    /// <summary>Copies values in from the host.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="source">As many values as the buffer holds.</param>
    public void Write<T>(ReadOnlySpan<T> source)
        where T : unmanaged, INumberBase<T>
    {
        CheckTransfer(source.Length, nameof(source));
        WriteCore(source);
        MarkChanged();
    }

    /// <summary>Copies values out to the host.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="destination">As many values as the buffer holds.</param>
    public void Read<T>(Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        CheckTransfer(destination.Length, nameof(destination));
        ReadCore(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Copies values in; the length is checked.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="source">The values.</param>
    protected abstract void WriteCore<T>(ReadOnlySpan<T> source)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Copies values out; the length is checked.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="destination">The values.</param>
    protected abstract void ReadCore<T>(Span<T> destination)
        where T : unmanaged, INumberBase<T>;

    private void CheckTransfer(int length, string name)
    {
        if (length != Length)
        {
            throw new ArgumentException($"{name} has {length} elements; the buffer has {Length}.", name);
        }
    }
}
