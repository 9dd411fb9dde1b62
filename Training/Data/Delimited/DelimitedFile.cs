using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>A table in a text file: a header line, then a line per row. Nothing is kept in memory but the header.</summary>
internal sealed class DelimitedFile : TableFile
{
    private readonly string[] header;
    private long? rows;

    /// <summary>Reads the header.</summary>
    /// <param name="path">A .csv or .tsv file, or one of those with .gz.</param>
    /// <param name="decimalMark">Decimal mark of its numbers.</param>
    public DelimitedFile(string path, char decimalMark)
        : base(path, decimalMark)
    {
        using var reader = new DelimitedReader(path);
        header = reader.Header;
        Columns = reader.Fields.IsNameless ? header[1..] : header;
        IdentifierColumn = reader.Fields.HasRowNames ? header[0] : null;
        Remarks = reader.Fields.Remarks;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override string? IdentifierColumn { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks { get; }

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
        int[] positions = [.. names.Select(PositionOf)];
        ColumnBuilder[] builders = [.. names.Select(name => new ColumnBuilder(name, Numbers))];
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
    public override IReadOnlyList<ColumnSurvey> Survey(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        int[] positions = [.. columns.Select(PositionOf)];
        ColumnScan[] scans = [.. columns.Select(name => new ColumnScan(name, Numbers))];
        using DelimitedReader reader = Reopen();
        while (reader.Read())
        {
            for (int i = 0; i < scans.Length; i++)
            {
                scans[i].Add(reader.Field(positions[i]));
            }
        }

        rows = reader.Row;
        return [.. scans.Select(scan => scan.Result())];
    }

    /// <inheritdoc/>
    private protected override RowReader OpenColumns(IReadOnlyList<string> coordinates, IReadOnlyList<string> columns) =>
        new DelimitedRowReader(Path, Numbers, [.. coordinates.Select(PositionOf)], [.. columns.Select(PositionOf)], [.. columns]);

    /// <inheritdoc/>
    private protected override RowReader OpenRepresentation(Representation representation, int dimension, IReadOnlyList<string> columns) =>
        throw new NotSupportedException("A text file has no representations.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private int PositionOf(string column) => column == IdentifierColumn ? 0 : IndexOf(column) + header.Length - Columns.Count;

    private DelimitedReader Reopen()
    {
        var reader = new DelimitedReader(Path);
        if (reader.Header.AsSpan().SequenceEqual(header))
        {
            return reader;
        }

        reader.Dispose();
        throw new TableFormatException(Path, null, "the header is another than a moment ago; the file was changed meanwhile.");
    }

    private void RequireArray(long row)
    {
        if (row > Array.MaxLength)
        {
            throw new TableFormatException(Path, $"row {row}", $"a column of more than {Array.MaxLength} rows does not fit into memory.");
        }
    }
}
