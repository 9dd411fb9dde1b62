namespace FlowRatio.Applications.Meld;

/// <summary>A symmetric matrix by rows: column numbers in ascending order and values, in float64.</summary>
internal sealed class SparseSymmetricMatrix
{
    private readonly int[] starts;
    private readonly int[] columns;
    private readonly double[] values;

    /// <summary>Creates a matrix.</summary>
    /// <param name="rows">Per row its entries; columns ascending.</param>
    public SparseSymmetricMatrix(IReadOnlyList<IReadOnlyList<(int Column, double Value)>> rows)
    {
        Size = rows.Count;
        starts = new int[Size + 1];
        for (int r = 0; r < Size; r++)
        {
            starts[r + 1] = starts[r] + rows[r].Count;
        }

        columns = new int[starts[^1]];
        values = new double[starts[^1]];
        for (int r = 0; r < Size; r++)
        {
            for (int i = 0; i < rows[r].Count; i++)
            {
                (columns[starts[r] + i], values[starts[r] + i]) = rows[r][i];
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int Size { get; }

    /// <summary>Columns of a row's entries.</summary>
    public ReadOnlySpan<int> Columns(int row) => columns.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Values of a row's entries.</summary>
    public Span<double> Values(int row) => values.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>Sum of a row.</summary>
    public double RowSum(int row)
    {
        double sum = 0;
        foreach (double value in Values(row))
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>product = M x.</summary>
    public void Multiply(ReadOnlySpan<double> x, Span<double> product)
    {
        for (int r = 0; r < Size; r++)
        {
            double sum = 0;
            for (int i = starts[r]; i < starts[r + 1]; i++)
            {
                sum += values[i] * x[columns[i]];
            }

            product[r] = sum;
        }
    }
}
