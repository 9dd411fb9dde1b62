namespace FlowRatio.Engine.Compute.Reference;

/// <summary>A row-major matrix of doubles.</summary>
internal sealed class ReferenceMatrix : Matrix
{
    private readonly double[] values;
    private readonly int stride;
    private readonly int firstColumn;

    public ReferenceMatrix(int segments, int capacity, int columns)
        : base(segments, capacity, columns)
    {
        values = new double[(long)segments * capacity * columns];
        stride = columns;
    }

    private ReferenceMatrix(ReferenceMatrix owner, int first, int columns)
        : base(owner, columns)
    {
        values = owner.values;
        stride = owner.stride;
        firstColumn = owner.firstColumn + first;
    }

    /// <summary>One row of one segment.</summary>
    public Span<double> Row(int segment, int row) =>
        values.AsSpan((((segment * Capacity) + row) * stride) + firstColumn, Columns);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override Matrix CreateView(int first, int count) => new ReferenceMatrix(this, first, count);

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source, int segment)
    {
        for (int r = 0; r < Rows; r++)
        {
            Span<double> row = Row(segment, r);
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = double.CreateTruncating(source[(r * Columns) + c]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination, int segment)
    {
        for (int r = 0; r < Rows; r++)
        {
            Span<double> row = Row(segment, r);
            for (int c = 0; c < row.Length; c++)
            {
                destination[(r * Columns) + c] = T.CreateTruncating(row[c]);
            }
        }
    }
}
