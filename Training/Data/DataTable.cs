using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using CsvHelper;

namespace FlowRatio.Training.Data;

/// <summary>A delimited text file in memory: named columns of text. Reads .csv and .tsv, also gzipped (.gz).</summary>
public sealed class DataTable
{
    private readonly List<string[]> rows;
    private readonly List<string> columns;

    private DataTable(string source, List<string> columns, List<string[]> rows)
    {
        Source = source;
        this.columns = columns;
        this.rows = rows;
    }

    /// <summary>Where the table came from, for messages.</summary>
    public string Source { get; }

    /// <summary>Column names in order.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>Number of rows.</summary>
    public int Rows => rows.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A .csv, .tsv, .csv.gz or .tsv.gz file with a header line.</param>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">The file is not such a table; the message names file, line and cause.</exception>
    public static DataTable Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        bool gzipped = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string inner = gzipped ? path[..^3] : path;
        char delimiter = inner.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        using FileStream file = File.OpenRead(path);
        if (!gzipped)
        {
            return Parse(file, path, delimiter);
        }

        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            try
            {
                gzip.CopyTo(unpacked);
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"{path}: the gzip data are damaged ({exception.Message}).", exception);
            }
        }

        RequireWholeGzip(file, unpacked.Length, path);
        unpacked.Position = 0;
        return Parse(unpacked, path, delimiter);
    }

    /// <summary>Reads text.</summary>
    /// <param name="stream">UTF-8 text with a header line.</param>
    /// <param name="source">Name for messages.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="InvalidDataException">Not a table; the message names source, line and cause.</exception>
    public static DataTable Parse(Stream stream, string source, char delimiter = ',')
    {
        ArgumentNullException.ThrowIfNull(stream);
        var options = new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            SkipEmptyLines = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
        };
        try
        {
            using CsvReader csv = CsvReader.Create(stream, options, true);
            if (!csv.Read())
            {
                throw new InvalidDataException($"{source}: the file is empty; a header line is needed.");
            }

            string[] header = csv.Current.ToArray();
            RequireDistinct(header, source);
            List<string[]> rows = [];
            while (csv.Read())
            {
                if (csv.FieldCount != header.Length)
                {
                    throw new InvalidDataException(
                        $"{source}: line {csv.LineNumber} has {csv.FieldCount} fields; the header has {header.Length}.");
                }

                rows.Add(csv.Current.ToArray());
            }

            return new DataTable(source, [.. header], rows);
        }
        catch (CsvFormatException exception)
        {
            throw new InvalidDataException($"{source}: line {exception.LineNumber}: {exception.Message}", exception);
        }
    }

    /// <summary>A column as text, one entry per row.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">No such column; the message lists those there are.</exception>
    public string[] Text(string column)
    {
        int index = IndexOf(column);
        return [.. rows.Select(row => row[index])];
    }

    /// <summary>Some columns as numbers.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>Row-major <c>[rows, names]</c>.</returns>
    /// <exception cref="ArgumentException">No such column.</exception>
    /// <exception cref="InvalidDataException">A field is not a finite number; the message names row, column and text.</exception>
    public float[] Numbers(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] indices = [.. names.Select(IndexOf)];
        float[] values = new float[rows.Count * indices.Length];
        for (int r = 0; r < rows.Count; r++)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                string text = rows[r][indices[j]];
                if (!TryParse(text, out values[(r * indices.Length) + j]))
                {
                    throw new InvalidDataException(
                        $"{Source}: row {r + 1}, column '{names[j]}': '{text}' is not a finite number.");
                }
            }
        }

        return values;
    }

    /// <summary>Columns in which every field is a finite number.</summary>
    public IReadOnlyList<string> NumericColumns() =>
        [.. columns.Where((_, index) => rows.TrueForAll(row => TryParse(row[index], out float _)))];

    /// <summary>
    /// The decompressor takes the end of a truncated file for the end of the data, so its length is compared with the trailer of
    /// the (last) gzip member: the size of that member modulo 2^32.
    /// </summary>
    private static void RequireWholeGzip(FileStream file, long unpacked, string path)
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        bool isWhole = file.Length >= 18;
        if (isWhole)
        {
            file.Position = file.Length - trailer.Length;
            file.ReadExactly(trailer);
            uint lastMember = BinaryPrimitives.ReadUInt32LittleEndian(trailer);

            // A file of several members is longer than its last one, but never shorter.
            isWhole = lastMember == (uint)unpacked || (lastMember < unpacked && HasSeveralMembers(file));
        }

        if (!isWhole)
        {
            throw new InvalidDataException($"{path}: the gzip file is truncated or damaged; {unpacked} bytes could be read.");
        }
    }

    /// <summary>Whether another gzip header follows the first: then the trailer speaks of the last member alone.</summary>
    private static bool HasSeveralMembers(FileStream file)
    {
        byte[] bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        return bytes.AsSpan(1).IndexOf((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) >= 0;
    }

    private static bool TryParse(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static void RequireDistinct(string[] header, string source)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in header)
        {
            if (!seen.Add(name))
            {
                throw new InvalidDataException($"{source}: column '{name}' appears twice in the header.");
            }
        }
    }

    private int IndexOf(string column)
    {
        int index = columns.IndexOf(column);
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"{Source}: there is no column '{column}'; there are: {string.Join(", ", columns)}.", nameof(column));
    }
}
