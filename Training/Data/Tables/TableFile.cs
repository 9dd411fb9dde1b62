using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Data.Numpy;

namespace FlowRatio.Training.Data.Tables;

/// <summary>
/// A table in a file, open for reading: rows with named columns, and representations (matrices with one row of numbers per row).
/// Whatever the file contains, its methods return what it says or throw a <see cref="TableFormatException"/>.
/// </summary>
public abstract class TableFile : IDisposable
{
    // Blocks of about a megabyte: large enough for the overhead of a call, small beside the points of a whole table.
    private const int BlockValues = 1 << 18;

    /// <summary>Names the file.</summary>
    private protected TableFile(string path, char decimalMark = '.')
    {
        Path = path;
        Numbers = new NumberText(decimalMark);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Names of the columns in the file's order.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// A column that names the rows, such as the index of an h5ad file or the first column that R and pandas write without a name; null if there is
    /// none. It is among <see cref="Columns"/> only if the file calls it by a name of its own.
    /// </summary>
    public virtual string? IdentifierColumn => null;

    /// <summary>What the rows are called in messages.</summary>
    public virtual string RowNoun => "rows";

    /// <summary>How the file was understood where that is not plain, one sentence each.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    /// <summary>Parts of the file that are no part of the table; <see cref="Refusal"/> has the reasons.</summary>
    public virtual IEnumerable<string> Refused => [];

    /// <summary>Matrices with one row per row of the table.</summary>
    public abstract IReadOnlyList<Representation> Representations { get; }

    /// <summary>Number of rows; a text file is read once for it.</summary>
    public abstract long Rows { get; }

    /// <summary>How the file writes numbers.</summary>
    private protected NumberText Numbers { get; }

    /// <summary>Opens a file by its extension and content: .csv, .tsv (also .gz), .npy, .npz, .h5ad.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decimalMark">Decimal mark of the numbers in a text file: <c>.</c> or <c>,</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableFormatException">It is no such table.</exception>
    /// <exception cref="ArgumentException">Another decimal mark, or one for a file that is not text.</exception>
    public static TableFile Open(string path, char decimalMark = '.')
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (decimalMark is not ('.' or ','))
        {
            throw new ArgumentException($"The decimal mark is '{decimalMark}'; a point or a comma is needed.", nameof(decimalMark));
        }

        if (Directory.Exists(path))
        {
            throw new TableFormatException(path, null, FormatAdvice.OfFolder(path));
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        TableFormat format = FormatDetection.Of(path);
        return format != TableFormat.Delimited && decimalMark != '.'
            ? throw new ArgumentException($"A decimal comma is for text files; {path} stores its numbers as numbers.", nameof(decimalMark))
            : format switch
            {
                TableFormat.AnnData => new H5adFile(path),
                TableFormat.Npy => new NumpyFile(path, isArchive: false),
                TableFormat.Npz => new NumpyFile(path, isArchive: true),
                _ => new DelimitedFile(path, decimalMark),
            };
    }

    /// <summary>Reads a column.</summary>
    /// <param name="name">Its name, or that of <see cref="IdentifierColumn"/>.</param>
    /// <exception cref="TableFormatException">There is none, or it is damaged.</exception>
    public TableColumn ReadColumn(string name) => ReadColumns([name])[0];

    /// <summary>Reads some columns; a text file is read once for all of them.</summary>
    /// <param name="names">Their names.</param>
    /// <exception cref="TableFormatException">There is no such column, or it is damaged.</exception>
    public abstract IReadOnlyList<TableColumn> ReadColumns(IReadOnlyList<string> names);

    /// <summary>Looks at columns as coordinates; a text file is read once for all of them.</summary>
    /// <param name="columns">Their names.</param>
    /// <exception cref="TableFormatException">There is no such column, or it is damaged.</exception>
    public abstract IReadOnlyList<ColumnSurvey> Survey(IReadOnlyList<string> columns);

    /// <summary>Columns in which every value is a finite number: those that can be coordinates. A text file is read once for this.</summary>
    public IReadOnlyList<string> NumericColumns() => [.. Survey(Columns).Where(survey => survey.IsNumeric).Select(survey => survey.Name)];

    /// <summary>Whether a text of <see cref="RowBlock.Columns"/> is a number, written as the file writes them.</summary>
    /// <param name="text">The text; null where it is missing.</param>
    /// <param name="value">The number.</param>
    public bool TryParse(string? text, out double value) => Numbers.TryParse(text, out value);

    /// <summary>Why something that is in the file is no part of the table; null where it is not in the file.</summary>
    /// <param name="name">Name of a column or representation.</param>
    public virtual TableFormatException? Refusal(string name) => null;

    /// <summary>Opens the rows for one pass.</summary>
    /// <param name="selection">The coordinates.</param>
    /// <param name="columns">Columns to come with them as text.</param>
    /// <exception cref="TableFormatException">The file has no such column or representation, or it does not hold numbers.</exception>
    public RowReader OpenRows(PointSelection selection, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(columns);
        if (selection.Representation is { } name)
        {
            Representation found = Representations.FirstOrDefault(representation => representation.Name == name)
                ?? throw Refusal(name) ?? new TableFormatException(Path, $"representation '{name}'", Representations.Count == 0
                    ? "there is none; this file has columns only."
                    : $"there is none; there are: {BriefList.Of([.. Representations.Select(representation => representation.Name)])}.");
            if (selection.First > found.Dimension)
            {
                throw new TableFormatException(
                    Path, $"representation '{name}'", $"it has {found.Dimension} coordinates; {selection.First} are asked for.");
            }

            return OpenRepresentation(found, selection.First ?? found.Dimension, columns);
        }

        return OpenColumns(selection.Columns!, columns);
    }

    /// <summary>All points at once, rounded to float32.</summary>
    /// <param name="selection">The coordinates.</param>
    /// <returns>Row-major <c>[rows, d]</c> and d.</returns>
    /// <exception cref="TableFormatException">As <see cref="OpenRows"/> and <see cref="RowReader.ReadBlock"/>, or more values than an array holds.</exception>
    public (float[] Points, int Dimension) ReadPoints(PointSelection selection)
    {
        CenteredPoints points = ReadCentered(selection, (block, dimension) => new double[dimension]);
        return (points.Values, points.Dimension);
    }

    /// <summary>All points at once, as float32 numbers from an origin with which they keep their digits.</summary>
    /// <param name="selection">The coordinates.</param>
    /// <param name="digest">Takes the coordinates as the file has them; null for none.</param>
    /// <exception cref="TableFormatException">As <see cref="ReadPoints"/>.</exception>
    public CenteredPoints ReadCentered(PointSelection selection, RowDigest? digest = null) =>
        ReadCentered(selection, (block, dimension) => CenteredPoints.OriginOf(block, dimension), digest);

    private CenteredPoints ReadCentered(PointSelection selection, Func<double[], int, double[]> originOf, RowDigest? digest = null)
    {
        using RowReader reader = OpenRows(selection, []);
        int blockRows = Math.Max(1, BlockValues / reader.Dimension);
        List<float[]> blocks = [];
        long count = 0;
        double[]? origin = null;
        while (reader.ReadBlock(blockRows, out RowBlock? block))
        {
            count += block.Points.Length;
            if (count > Array.MaxLength)
            {
                throw new TableFormatException(Path, selection.ToString(), $"more than {Array.MaxLength} numbers; they do not fit into memory at once.");
            }

            digest?.Add(block.Points);
            origin ??= originOf(block.Points, reader.Dimension);
            blocks.Add(CenteredPoints.Without(origin, block.Points));
        }

        float[] points = new float[count];
        int position = 0;
        foreach (float[] block in blocks)
        {
            block.CopyTo(points, position);
            position += block.Length;
        }

        return new CenteredPoints(points, reader.Dimension, origin ?? new double[reader.Dimension]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens rows whose coordinates are columns.</summary>
    private protected abstract RowReader OpenColumns(IReadOnlyList<string> coordinates, IReadOnlyList<string> columns);

    /// <summary>Opens rows whose coordinates are the first of a representation.</summary>
    private protected abstract RowReader OpenRepresentation(Representation representation, int dimension, IReadOnlyList<string> columns);

    /// <summary>Position of a column.</summary>
    /// <exception cref="TableFormatException">There is none; the message lists those there are.</exception>
    private protected int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }

        throw Refusal(column) ?? new TableFormatException(Path, $"column '{column}'", Columns.Count == 0
            ? "there is none; this file has no columns."
            : $"there is no such column; there are: {BriefList.Of(Columns)}.");
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);
}
