using FlowRatio.Training.Data.Hdf5;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Rows of a file whose points and columns can be read in parts.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="points">The coordinates.</param>
/// <param name="columns">Names of the columns that come as text.</param>
/// <param name="texts">These columns.</param>
internal sealed class SourceRowReader(
    string path, long rows, PointSource points, IReadOnlyList<string> columns, IReadOnlyList<ColumnSource> texts) : RowReader
{
    private long position;

    /// <inheritdoc/>
    public override int Dimension => points.Dimension;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => columns;

    /// <inheritdoc/>
    protected override RowBlock? ReadBlockCore(int maxRows)
    {
        int count = (int)Math.Min(maxRows, rows - position);
        if (count == 0)
        {
            return null;
        }

        string place = $"rows {position + 1} to {position + count}";
        double[] values;
        string?[][] labels;
        try
        {
            values = points.Read(position, count);
            labels = [.. texts.Select(column => column.ReadText(position, count))];
        }
        catch (Exception exception) when (exception is Hdf5Exception or InvalidDataException or EndOfStreamException)
        {
            throw new TableFormatException(path, place, $"{exception.Message}.", exception);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite((float)values[i]))
            {
                throw new TableFormatException(
                    path,
                    $"row {position + (i / Dimension) + 1}, {points.Describe(i % Dimension)}",
                    $"{values[i]} is not a finite number{(double.IsFinite(values[i]) ? NumberText.TooLarge : string.Empty)}.");
            }
        }

        var block = new RowBlock(position, count, Dimension, values, labels);
        position += count;
        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            points.Dispose();
            foreach (ColumnSource column in texts)
            {
                column.Dispose();
            }
        }
    }
}
