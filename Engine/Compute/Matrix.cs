using System.Numerics;

namespace FlowRatio.Engine.Compute;

/// <summary>
/// A stack of <see cref="Segments"/> matrices <c>[Rows, Columns]</c> that lives in a backend's memory. Host data go in and out
/// row-major; how the elements lie inside is the backend's choice (the CPU backend keeps panels of rows, so that a layer's
/// output is the next layer's packed input).
/// </summary>
/// <remarks>A view shares memory and row count with its owner and must not be used after the owner's disposal.</remarks>
public abstract class Matrix : IDisposable
{
    private readonly Matrix? owner;
    private int rows;

    /// <summary>Creates a matrix that owns its memory.</summary>
    /// <param name="segments">Number of stacked matrices, at least 1.</param>
    /// <param name="capacity">Largest number of rows per segment, at least 1; also the initial number of rows.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    protected Matrix(int segments, int capacity, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Segments = segments;
        Capacity = capacity;
        Columns = columns;
        rows = capacity;
    }

    /// <summary>Creates a view of some segments and columns of another matrix.</summary>
    /// <param name="owner">The matrix that holds the memory.</param>
    /// <param name="segments">Number of segments of the view.</param>
    /// <param name="columns">Number of columns of the view.</param>
    protected Matrix(Matrix owner, int segments, int columns)
    {
        ArgumentNullException.ThrowIfNull(owner);
        this.owner = owner;
        Segments = segments;
        Capacity = owner.Capacity;
        Columns = columns;
    }

    /// <summary>Number of stacked matrices.</summary>
    public int Segments { get; }

    /// <summary>Largest number of rows per segment.</summary>
    public int Capacity { get; }

    /// <summary>Rows per segment (samples).</summary>
    public int Rows => owner?.Rows ?? rows;

    /// <summary>Number of columns (features).</summary>
    public int Columns { get; }

    /// <summary>Sets the number of rows per segment; the contents become undefined if it changes.</summary>
    /// <param name="count">Between 1 and <see cref="Capacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside that range.</exception>
    /// <exception cref="InvalidOperationException">This is a view: its owner decides.</exception>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        if (owner is not null)
        {
            throw new InvalidOperationException("A view has the rows of its owner; resize the owner.");
        }

        rows = count;
    }

    /// <summary>The columns <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, sharing memory.</summary>
    /// <param name="first">First column.</param>
    /// <param name="count">Number of columns, at least 1.</param>
    public Matrix ViewColumns(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Columns, nameof(count));
        return CreateView(0, Segments, first, count);
    }

    /// <summary>The segments <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, sharing memory.</summary>
    /// <param name="first">First segment.</param>
    /// <param name="count">Number of segments, at least 1.</param>
    public Matrix ViewSegments(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Segments, nameof(count));
        return CreateView(first, count, 0, Columns);
    }

    /// <summary>Copies one segment from host memory.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="source">Row-major <c>[Rows, Columns]</c>.</param>
    /// <param name="segment">The segment to write.</param>
    /// <exception cref="ArgumentException">The length is not Rows x Columns.</exception>
    public void Write<T>(ReadOnlySpan<T> source, int segment = 0)
        where T : unmanaged, INumberBase<T>
    {
        CheckTransfer(source.Length, segment, nameof(source));
        WriteCore(source, segment);
    }

    /// <summary>Copies one segment to host memory.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="destination">Row-major <c>[Rows, Columns]</c>.</param>
    /// <param name="segment">The segment to read.</param>
    /// <exception cref="ArgumentException">The length is not Rows x Columns.</exception>
    public void Read<T>(Span<T> destination, int segment = 0)
        where T : unmanaged, INumberBase<T>
    {
        CheckTransfer(destination.Length, segment, nameof(destination));
        ReadCore(destination, segment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (owner is null)
        {
            Dispose(true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a matrix that owns it.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Makes a view whose bounds have been checked.</summary>
    /// <param name="firstSegment">First segment.</param>
    /// <param name="segments">Number of segments.</param>
    /// <param name="firstColumn">First column.</param>
    /// <param name="columns">Number of columns.</param>
    protected abstract Matrix CreateView(int firstSegment, int segments, int firstColumn, int columns);

    /// <summary>Copies one segment in; the arguments are checked.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="source">Row-major <c>[Rows, Columns]</c>.</param>
    /// <param name="segment">The segment to write.</param>
    protected abstract void WriteCore<T>(ReadOnlySpan<T> source, int segment)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Copies one segment out; the arguments are checked.</summary>
    /// <typeparam name="T">Element type on the host.</typeparam>
    /// <param name="destination">Row-major <c>[Rows, Columns]</c>.</param>
    /// <param name="segment">The segment to read.</param>
    protected abstract void ReadCore<T>(Span<T> destination, int segment)
        where T : unmanaged, INumberBase<T>;

    private void CheckTransfer(int length, int segment, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(segment, Segments);
        if (length != (long)Rows * Columns)
        {
            throw new ArgumentException($"{name} has {length} elements; the matrix is [{Rows}, {Columns}].", name);
        }
    }
}
