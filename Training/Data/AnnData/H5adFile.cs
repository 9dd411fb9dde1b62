using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>
/// A table of cells in an h5ad file (anndata 0.7 to 0.12): columns from <c>obs</c>; representations from <c>X</c>, <c>obsm</c>,
/// <c>layers</c> and <c>raw/X</c>. Read through the system's HDF5 library.
/// </summary>
internal sealed class H5adFile : TableFile
{
    /// <summary>The attribute with the name of a frame's index.</summary>
    public const string IndexAttribute = "_index";

    /// <summary>The attribute with the names of a frame's columns.</summary>
    public const string OrderAttribute = "column-order";

    private readonly Hdf5File file;
    private readonly Hdf5Object obs;
    private readonly string index;
    private readonly Dictionary<string, string> refused = new(StringComparer.Ordinal);

    /// <summary>Opens a file and reads its table of contents.</summary>
    /// <param name="path">The file.</param>
    public H5adFile(string path)
        : base(path)
    {
        Hdf5File? opened = null;
        Hdf5Object? frame = null;
        try
        {
            opened = new Hdf5File(path);
            frame = OpenObs(opened);
            index = IndexOf(frame);
            Columns = ColumnsOf(frame, index);
            using ColumnSource names = H5adColumn.Open(frame, index);
            Rows = names.Rows;
            file = opened;
            obs = frame;
            Representations = [.. Find().Select(matrix => new Representation(matrix.Name, matrix.Dimension))];
        }
        catch (Exception exception)
        {
            frame?.Dispose();
            opened?.Dispose();
            if (exception is Hdf5Exception)
            {
                throw new TableFormatException(path, null, $"{exception.Message}.", exception);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override string IdentifierColumn => index;

    /// <inheritdoc/>
    public override string RowNoun => "cells";

    /// <inheritdoc/>
    public override IReadOnlyList<Representation> Representations { get; }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <summary>Opens <c>obs</c>.</summary>
    /// <exception cref="Hdf5Exception">There is none, or it is of a layout that nobody writes any more.</exception>
    public static Hdf5Object OpenObs(Hdf5File file)
    {
        if (!file.Root.Has("obs"))
        {
            throw new Hdf5Exception("there is no obs: this is no AnnData file");
        }

        try
        {
            Hdf5Object frame = file.Root.Open("obs");
            if (frame.IsGroup)
            {
                return frame;
            }

            frame.Dispose();
        }
        catch (Hdf5TypeException)
        {
            // A list of records is refused before it is opened.
        }

        throw new Hdf5Exception(
            "obs is a list of records, as anndata before 0.7 wrote it; read and write the file with a newer anndata: "
            + "adata = anndata.read_h5ad(...), then adata.write_h5ad(...) in Python");
    }

    /// <summary>Name of a frame's index.</summary>
    public static string IndexOf(Hdf5Object frame) =>
        frame.TextAttribute(IndexAttribute) ?? (frame.Has("_index") ? "_index" : "index");

    /// <summary>Names of a frame's columns in order.</summary>
    public static string[] ColumnsOf(Hdf5Object frame, string index)
    {
        string[] columns = frame.TextsAttribute(OrderAttribute)
            ?? [.. frame.Children().Where(name => name != index && name != H5adColumn.OldCategories)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Array.TrueForAll(columns, name => name.Length > 0 && seen.Add(name))
            ? columns
            : throw new Hdf5Exception($"{frame.Location} has a column twice, or one without a name: {string.Join(", ", columns)}");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TableColumn> ReadColumns(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return
        [
            .. names.Select(name => Guard($"column '{name}'", () =>
            {
                using ColumnSource column = OpenColumn(name);
                return column.Rows <= Array.MaxLength
                    ? column.Read(name)
                    : throw new Hdf5Exception($"more than {Array.MaxLength} rows do not fit into memory");
            })),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSurvey> Survey(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return [.. columns.Select(Survey)];
    }

    /// <inheritdoc/>
    private protected override RowReader OpenColumns(IReadOnlyList<string> coordinates, IReadOnlyList<string> columns)
    {
        List<ColumnSource> opened = [];
        try
        {
            foreach (string name in coordinates)
            {
                opened.Add(Guard($"column '{name}'", () => OpenColumn(name)));
                if (!opened[^1].IsNumeric)
                {
                    throw new TableFormatException(Path, $"column '{name}'", "it does not hold numbers; .astype(float) makes numbers of texts.");
                }
            }

            return OpenRows(new ColumnPoints(coordinates, opened), columns);
        }
        catch
        {
            opened.ForEach(column => column.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    private protected override RowReader OpenRepresentation(Representation representation, int dimension, IReadOnlyList<string> columns)
    {
        H5adMatrix matrix = Guard($"representation '{representation.Name}'", () => Find().First(entry => entry.Name == representation.Name));
        PointSource points = Guard($"representation '{matrix.Name}'", () => matrix.Open(file.Root, Rows, dimension));
        try
        {
            return OpenRows(points, columns);
        }
        catch
        {
            points.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Refused => refused.Keys;

    /// <inheritdoc/>
    public override TableFormatException? Refusal(string name) =>
        refused.TryGetValue(name, out string? reason) ? new TableFormatException(Path, $"representation '{name}'", $"{reason}.") : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            obs.Dispose();
            file.Dispose();
        }
    }

    /// <summary>One column that is damaged does not take the others away.</summary>
    private ColumnSurvey Survey(string name)
    {
        try
        {
            return Guard($"column '{name}'", () =>
            {
                using ColumnSource column = OpenColumn(name);
                return ColumnScan.Of(name, column);
            });
        }
        catch (TableFormatException exception)
        {
            return ColumnSurvey.Unreadable(name, Rows, exception.Cause);
        }
    }

    private SourceRowReader OpenRows(PointSource points, IReadOnlyList<string> columns)
    {
        List<ColumnSource> opened = [];
        try
        {
            foreach (string name in columns)
            {
                opened.Add(Guard($"column '{name}'", () => OpenColumn(name)));
            }

            return new SourceRowReader(Path, Rows, points, [.. columns], opened);
        }
        catch
        {
            opened.ForEach(column => column.Dispose());
            throw;
        }
    }

    private ColumnSource OpenColumn(string name)
    {
        if (name != index)
        {
            _ = IndexOf(name);
        }

        ColumnSource column = H5adColumn.Open(obs, name);
        long rows = column.Rows;
        if (rows == Rows)
        {
            return column;
        }

        column.Dispose();
        throw new Hdf5Exception($"it has {rows} rows; the table has {Rows}");
    }

    /// <summary>All matrices with a row per cell.</summary>
    private IEnumerable<H5adMatrix> Find()
    {
        foreach ((string group, string prefix) in ((string, string)[])[("", ""), ("obsm", ""), ("layers", "layers/"), ("raw", "raw/")])
        {
            if (group.Length > 0 && !file.Root.Has(group))
            {
                continue;
            }

            using Hdf5Object? opened = group.Length > 0 ? file.Root.Open(group) : null;
            Hdf5Object parent = opened ?? file.Root;
            if (!parent.IsGroup)
            {
                continue;
            }

            foreach (string name in group is "" or "raw" ? (IEnumerable<string>)["X"] : parent.Children())
            {
                if (parent.Has(name) && Describe(parent, group, name, prefix + name) is { } matrix)
                {
                    yield return matrix;
                }
            }
        }
    }

    /// <summary>One matrix that cannot be read does not take the others away; the reason is kept for who asks for it.</summary>
    private H5adMatrix? Describe(Hdf5Object parent, string group, string child, string name)
    {
        try
        {
            return H5adMatrix.Describe(parent, group, child, name);
        }
        catch (Hdf5Exception exception)
        {
            refused[name] = exception.Message;
            return null;
        }
    }

    private T Guard<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Hdf5Exception exception)
        {
            throw new TableFormatException(Path, place, $"{exception.Message}.", exception);
        }
    }
}
