using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>A table in a text file: a header line, then a line per row. Nothing is kept in memory but the header.</summary>
internal sealed class DelimitedFile : TableFile
{
    private readonly string[] header;
    private long? rows;

    /// <summary>Reads the header.</summary>
    /// <param name="path">A .csv or .tsv file, or one of those with .gz.</param>
    public DelimitedFile(string path)
        : base(path)
    {
        using var reader = new DelimitedReader(path);
        header = reader.Header;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => header;

    /// <inheritdoc/>
    public override IReadOnlyList<Representation> Representations => [];

    /// <inheritdoc/>
    public override long Rows
    {
        get
        {
            if (rows is null)
            {
                using DelimitedReader reader = Reopen();
                while (reader.Read())
                {
                }

                rows = reader.Row;
            }

            return rows.Value;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TableColumn> ReadColumns(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] positions = [.. names.Select(IndexOf)];
        ColumnBuilder[] builders = [.. names.Select(name => new ColumnBuilder(name))];
        using DelimitedReader reader = Reopen();
        while (reader.Read())
        {
            RequireArray(reader.Row);
            for (int i = 0; i < builders.Length; i++)
            {
                builders[i].Add(reader.Field(positions[i]));
            }
        }

        rows = reader.Row;
        return [.. builders.Select(builder => builder.Build())];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> NumericColumns()
    {
        List<int> numeric = [.. Enumerable.Range(0, header.Length)];
        using DelimitedReader reader = Reopen();
        while (reader.Read())
        {
            numeric.RemoveAll(column => !DelimitedRowReader.TryParse(reader.Field(column), out _));
        }

        rows = reader.Row;
        return [.. numeric.Select(column => header[column])];
    }

    /// <inheritdoc/>
    private protected override RowReader OpenColumns(IReadOnlyList<string> coordinates, IReadOnlyList<string> columns) =>
        new DelimitedRowReader(Path, [.. coordinates.Select(IndexOf)], [.. columns.Select(IndexOf)], [.. columns]);

    /// <inheritdoc/>
    private protected override RowReader OpenRepresentation(Representation representation, int dimension, IReadOnlyList<string> columns) =>
        throw new NotSupportedException("A text file has no representations.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private DelimitedReader Reopen()
    {
        var reader = new DelimitedReader(Path);
        if (reader.Header.AsSpan().SequenceEqual(header))
        {
            return reader;
        }

        reader.Dispose();
        throw new TableFormatException(Path, "line 1", "the header is another than a moment ago; the file was changed meanwhile.");
    }

    private void RequireArray(long row)
    {
        if (row > Array.MaxLength)
        {
            throw new TableFormatException(Path, $"row {row}", $"a column of more than {Array.MaxLength} rows does not fit into memory.");
        }
    }
}
