using System.IO.Compression;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>
/// A table of numpy arrays: one in an .npy file, several in an .npz archive. Arrays with one dimension are columns, arrays of numbers with two
/// are representations. The number of rows is that of the first representation, or else of the first column; arrays of other lengths
/// (names of genes, say) are no part of the table.
/// </summary>
internal sealed class NumpyFile : TableFile
{
    private const string SingleArray = "array";
    private const string Extension = ".npy";

    private readonly ZipArchive? archive;
    private readonly Dictionary<string, NpyHeader> arrays = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> refused = new(StringComparer.Ordinal);

    /// <summary>Reads the headers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isArchive">Whether it holds several arrays.</param>
    public NumpyFile(string path, bool isArchive)
        : base(path)
    {
        try
        {
            if (isArchive)
            {
                archive = Guard(null, () => ZipFile.OpenRead(path));
                foreach (ZipArchiveEntry entry in Guard(null, () => archive.Entries.ToArray()))
                {
                    AddEntry(entry);
                }
            }
            else
            {
                Add(SingleArray, Guard(null, () => ReadHeader(SingleArray)));
            }

            KeyValuePair<string, NpyHeader>[] matrices = [.. arrays.Where(entry => IsMatrix(entry.Value))];
            Rows = matrices.Length > 0 ? matrices[0].Value.Shape[0] : arrays.Values.FirstOrDefault()?.Shape[0] ?? 0;
            foreach ((string name, NpyHeader header) in arrays.Where(entry => entry.Value.Shape[0] != Rows).ToArray())
            {
                arrays.Remove(name);
                refused.Add(name, $"the array has {header.Shape[0]} rows; the table has {Rows}.");
            }

            Columns = [.. arrays.Where(entry => !IsMatrix(entry.Value)).Select(entry => entry.Key)];
            Representations =
                [.. arrays.Where(entry => IsMatrix(entry.Value)).Select(entry => new Representation(entry.Key, (int)entry.Value.Shape[1]))];
            if (arrays.Count == 0)
            {
                throw refused.Count > 0
                    ? new TableFormatException(path, isArchive ? $"array '{refused.First().Key}'" : null, refused.First().Value)
                    : new TableFormatException(path, null, "the archive has no arrays (names ending in .npy).");
            }
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Representation> Representations { get; }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TableColumn> ReadColumns(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return
        [
            .. names.Select(name => Guard($"array '{name}'", () =>
            {
                using NpyColumn column = OpenColumn(name);
                return column.Rows <= Array.MaxLength
                    ? column.Read(name)
                    : throw new InvalidDataException($"more than {Array.MaxLength} rows do not fit into memory");
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
        foreach (string name in coordinates)
        {
            NpyType type = Header(name).Type;
            if (type.IsText || type.Kind == 'b')
            {
                throw new TableFormatException(Path, $"array '{name}'", "it does not hold numbers; .astype(float) makes numbers of texts.");
            }
        }

        return OpenRows(new ColumnPoints(coordinates, OpenAll(coordinates)), columns);
    }

    /// <inheritdoc/>
    private protected override RowReader OpenRepresentation(Representation representation, int dimension, IReadOnlyList<string> columns)
    {
        NpyHeader header = arrays[representation.Name];
        ByteSource bytes = Guard($"array '{representation.Name}'", () => OpenVerified(representation.Name));
        if (header.IsFortran && !bytes.IsRandomAccess)
        {
            using (bytes)
            {
                return OpenRows(new NpyPoints(Unpack(representation.Name, bytes), header, representation.Name, dimension), columns);
            }
        }

        return OpenRows(new NpyPoints(bytes, header, representation.Name, dimension), columns);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Refused => refused.Keys;

    /// <inheritdoc/>
    public override TableFormatException? Refusal(string name) =>
        refused.TryGetValue(name, out string? reason) ? new TableFormatException(Path, $"array '{name}'", reason) : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            archive?.Dispose();
        }
    }

    private static bool IsMatrix(NpyHeader header) => header.Shape.Length == 2;

    /// <summary>One column that is damaged does not take the others away.</summary>
    private ColumnSurvey Survey(string name)
    {
        try
        {
            return Guard($"array '{name}'", () =>
            {
                using NpyColumn column = OpenColumn(name);
                return ColumnScan.Of(name, column);
            });
        }
        catch (TableFormatException exception)
        {
            return ColumnSurvey.Unreadable(name, Rows, exception.Cause);
        }
    }

    private void AddEntry(ZipArchiveEntry entry)
    {
        if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
        {
            return;
        }

        string name = entry.FullName[..^Extension.Length];
        if (name.Length == 0 || arrays.ContainsKey(name) || refused.ContainsKey(name))
        {
            throw new TableFormatException(Path, $"array '{name}'", "the archive has it twice, or it has no name.");
        }

        NpyHeader header;
        try
        {
            header = Guard($"array '{name}'", () => ReadHeader(name));
        }
        catch (TableFormatException exception)
        {
            // One damaged or unreadable array does not take the others away; it is reported when it is asked for.
            refused.Add(name, exception.Cause);
            return;
        }

        Add(name, header);
    }

    private void Add(string name, NpyHeader header)
    {
        if (header.Shape.Length is 1 || (header.Shape.Length == 2 && !header.Type.IsText && header.Shape[1] is > 0 and <= int.MaxValue))
        {
            arrays.Add(name, header);
            return;
        }

        refused.Add(name, header.Shape.Length == 2
            ? $"an array of {string.Join(" x ", header.Shape)} {(header.Type.IsText ? "texts" : "numbers")} is neither a column nor a matrix of points."
            : $"the array has {header.Shape.Length} dimensions; a column has one, a matrix of points two.");
    }

    private NpyHeader ReadHeader(string name)
    {
        using ByteSource bytes = OpenBytes(name);
        return NpyHeader.Read(bytes);
    }

    private ByteSource OpenBytes(string name) => archive is null
        ? new FileBytes(Path)
        : new EntryBytes(archive.GetEntry(name + Extension) ?? throw new InvalidDataException("the archive has changed meanwhile"));

    private ByteSource OpenVerified(string name)
    {
        ByteSource bytes = OpenBytes(name);
        if (bytes is EntryBytes entry)
        {
            try
            {
                entry.Verify();
            }
            catch
            {
                bytes.Dispose();
                throw;
            }
        }

        return bytes;
    }

    private NpyHeader Header(string name)
    {
        _ = IndexOf(name);
        return arrays[name];
    }

    private NpyColumn OpenColumn(string name)
    {
        NpyHeader header = Header(name);
        return new NpyColumn(OpenVerified(name), header);
    }

    private List<ColumnSource> OpenAll(IReadOnlyList<string> names)
    {
        List<ColumnSource> opened = [];
        try
        {
            foreach (string name in names)
            {
                opened.Add(Guard($"array '{name}'", () => OpenColumn(name)));
            }

            return opened;
        }
        catch
        {
            opened.ForEach(column => column.Dispose());
            throw;
        }
    }

    private SourceRowReader OpenRows(PointSource points, IReadOnlyList<string> columns)
    {
        try
        {
            return new SourceRowReader(Path, Rows, points, [.. columns], OpenAll(columns));
        }
        catch
        {
            points.Dispose();
            throw;
        }
    }

    /// <summary>An array in Fortran order inside an archive cannot be read row by row: it is unpacked into memory.</summary>
    private MemoryBytes Unpack(string name, ByteSource bytes)
    {
        if (bytes.Length > Array.MaxLength)
        {
            throw new TableFormatException(
                Path, $"array '{name}'", $"{bytes.Length} bytes in Fortran order do not fit into memory; save it with numpy.ascontiguousarray.");
        }

        byte[] content = new byte[bytes.Length];
        Guard($"array '{name}'", () =>
        {
            bytes.Read(0, content);
            return true;
        });
        return new MemoryBytes(content);
    }

    private T Guard<T>(string? place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new TableFormatException(Path, place, $"{exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
