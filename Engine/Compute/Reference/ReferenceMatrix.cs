namespace FlowRatio.Engine.Compute.Reference;

/// <summary>A row-major matrix of doubles.</summary>
internal sealed class ReferenceMatrix : Matrix
{
    private readonly double[] values;
    private readonly int stride;
    private readonly int firstSegment;
    private readonly int firstColumn;

    public ReferenceMatrix(int segments, int capacity, int columns)
        : base(segments, capacity, columns)
    {
        values = new double[(long)segments * capacity * columns];
        stride = columns;
    }

    private ReferenceMatrix(ReferenceMatrix owner, int firstSegment, int segments, int firstColumn, int columns)
        : base(owner, segments, columns)
    {
        values = owner.values;
        stride = owner.stride;
        this.firstSegment = owner.firstSegment + firstSegment;
        this.firstColumn = owner.firstColumn + firstColumn;
    }

    /// <summary>One row of one segment.</summary>
    public Span<double> Row(int segment, int row) =>
        values.AsSpan(((((firstSegment + segment) * Capacity) + row) * stride) + firstColumn, Columns);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override Matrix CreateView(int firstSegment, int segments, int firstColumn, int columns) =>
        new ReferenceMatrix(this, firstSegment, segments, firstColumn, columns);

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
