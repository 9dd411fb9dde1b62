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
    private protected TableFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Names of the columns in the file's order.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>A column that names the rows and is not among <see cref="Columns"/>, such as the index of an h5ad file; null if there is none.</summary>
    public virtual string? IdentifierColumn => null;

    /// <summary>Matrices with one row per row of the table.</summary>
    public abstract IReadOnlyList<Representation> Representations { get; }

    /// <summary>Number of rows; a text file is read once for it.</summary>
    public abstract long Rows { get; }

    /// <summary>Opens a file by its extension and content: .csv, .tsv (also .gz), .npy, .npz, .h5ad.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableFormatException">It is no such table.</exception>
    public static TableFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        return FormatDetection.Of(path) switch
        {
            TableFormat.AnnData => new H5adFile(path),
            TableFormat.Npy => new NumpyFile(path, isArchive: false),
            TableFormat.Npz => new NumpyFile(path, isArchive: true),
            _ => new DelimitedFile(path),
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

    /// <summary>Columns in which every value is a finite number: those that can be coordinates. A text file is read once for this.</summary>
    public abstract IReadOnlyList<string> NumericColumns();

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
                    : $"there is none; there are: {string.Join(", ", Representations.Select(representation => representation.Name))}.");
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

    /// <summary>Why something that is in the file is no part of the table; null where it is not in the file.</summary>
    private protected virtual TableFormatException? Refusal(string name) => null;

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
            : $"there is no such column; there are: {string.Join(", ", Columns)}.");
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);
}
