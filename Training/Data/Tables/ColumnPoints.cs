namespace FlowRatio.Training.Data.Tables;

/// <summary>Columns of numbers as coordinates.</summary>
/// <param name="names">Their names.</param>
/// <param name="columns">The columns, which are closed with this.</param>
internal sealed class ColumnPoints(IReadOnlyList<string> names, IReadOnlyList<ColumnSource> columns) : PointSource
{
    /// <inheritdoc/>
    public override int Dimension => columns.Count;

    /// <inheritdoc/>
    public override double[] Read(long first, int count)
    {
        double[] points = new double[count * Dimension];
        for (int j = 0; j < columns.Count; j++)
        {
            double[] values = columns[j].ReadNumbers(first, count);
            for (int r = 0; r < count; r++)
            {
                points[(r * Dimension) + j] = values[r];
            }
        }

        return points;
    }

    /// <inheritdoc/>
    public override string Describe(int coordinate) => $"column '{names[coordinate]}'";

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (ColumnSource column in columns)
        {
            column.Dispose();
        }
    }
}
