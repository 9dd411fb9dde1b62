using System.Diagnostics.CodeAnalysis;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Passes once over the rows of a table; the memory it needs depends on the size of a block, not on the number of rows.</summary>
public abstract class RowReader : IDisposable
{
    // 64 MB of coordinates: a block of wide rows has fewer rows than asked for.
    private const int LargestBlock = 1 << 24;

    /// <summary>Number of coordinates of a point.</summary>
    public abstract int Dimension { get; }

    /// <summary>Names of the columns that come as text.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="maxRows">As many at most; fewer where rows are wide.</param>
    /// <param name="block">The rows; null at the end.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="TableFormatException">A damaged file, or a coordinate that is not a finite number.</exception>
    public bool ReadBlock(int maxRows, [NotNullWhen(true)] out RowBlock? block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        block = ReadBlockCore(Math.Min(maxRows, Math.Max(1, LargestBlock / Dimension)));
        return block is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next rows; null at the end.</summary>
    /// <param name="maxRows">As many at most, at least 1.</param>
    protected abstract RowBlock? ReadBlockCore(int maxRows);

    /// <summary>Closes what the reader holds.</summary>
    protected abstract void Dispose(bool disposing);
}
