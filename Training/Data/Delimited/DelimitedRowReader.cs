using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>Rows of a text file: some columns as coordinates, some as text.</summary>
internal sealed class DelimitedRowReader : RowReader
{
    private readonly string path;
    private readonly int[] coordinates;
    private readonly int[] texts;
    private readonly NumberText numbers;
    private readonly DelimitedReader reader;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="numbers">How it writes numbers.</param>
    /// <param name="coordinates">Positions of the coordinates' columns.</param>
    /// <param name="texts">Positions of the columns that come as text.</param>
    /// <param name="columns">Names of the latter.</param>
    public DelimitedRowReader(string path, NumberText numbers, int[] coordinates, int[] texts, IReadOnlyList<string> columns)
    {
        this.path = path;
        this.numbers = numbers;
        this.coordinates = coordinates;
        this.texts = texts;
        Columns = columns;
        reader = new DelimitedReader(path);
    }

    /// <inheritdoc/>
    public override int Dimension => coordinates.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    protected override RowBlock? ReadBlockCore(int maxRows)
    {
        long first = reader.Row;
        List<double> points = [];
        List<string?>[] columns = [.. texts.Select(_ => new List<string?>())];
        int rows = 0;
        for (; rows < maxRows && reader.Read(); rows++)
        {
            foreach (int column in coordinates)
            {
                ReadOnlySpan<byte> field = reader.Field(column);
                if (!numbers.TryParse(field, out double value))
                {
                    throw new TableFormatException(path, $"row {reader.Row}, column '{reader.Header[column]}'", $"{numbers.Describe(field)}{numbers.Remedy(field)}.");
                }

                points.Add(value);
            }

            for (int i = 0; i < texts.Length; i++)
            {
                columns[i].Add(reader.Text(texts[i]));
            }
        }

        return rows == 0 ? null : new RowBlock(first, rows, Dimension, [.. points], [.. columns.Select(column => column.ToArray())]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }
    }
}
