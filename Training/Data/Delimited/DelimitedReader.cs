using System.Text.Unicode;
using CsvHelper;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>
/// Passes once over the records of a delimited text file and vouches for each: as many fields as the header, UTF-8, no zero bytes.
/// The only place that knows the CSV library.
/// </summary>
internal sealed class DelimitedReader : IDisposable
{
    // An unclosed quote makes one record of the rest of the file; no honest record is as long.
    private const int LargestRecord = 64 << 20;
    private const int HeaderSample = 1 << 16;

    private readonly string path;
    private readonly Stream stream;
    private readonly CsvReader csv;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">A .csv or .tsv file, or one of those with .gz.</param>
    /// <exception cref="TableFormatException">No header, or a damaged one.</exception>
    public DelimitedReader(string path)
    {
        this.path = path;
        bool isGzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isGzip ? path[..^3] : path;
        stream = isGzip ? new WholeGzipStream(path) : File.OpenRead(path);
        try
        {
            byte[] start = Guard(ReadStart);
            RequireUtf8Mark(start);
            csv = CsvReader.Create(
                new FollowedStream(new MemoryStream(start), stream),
                new CsvReaderOptions
                {
                    Separator = name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : SeparatorOf(start),
                    HasHeader = false,
                    SkipEmptyLines = true,
                    TrackLineNumbers = true,
                    PoolStrings = true,
                    MaxRecordSize = LargestRecord,
                    MalformedData = CsvMalformedDataHandling.Throw,
                    FieldCountMismatch = CsvFieldCountHandling.Allow,
                },
                true);
            if (!Guard(csv.Read))
            {
                throw new TableFormatException(path, null, "the file is empty; a header line is needed.");
            }

            RequireText();
            Header = [.. csv.Current.ToArray().Select((name, index) => name.Length == 0 ? $"column {index + 1}" : name)];
            RequireDistinct(Header);
        }
        catch
        {
            csv?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Names of the columns; one without a name, as of row names written by R or pandas, is called after its position.</summary>
    public string[] Header { get; }

    /// <summary>Number of the current row, counted from 1; 0 before the first.</summary>
    public long Row { get; private set; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="TableFormatException">It is damaged.</exception>
    public bool Read()
    {
        if (!Guard(csv.Read))
        {
            return false;
        }

        Row++;
        if (csv.FieldCount != Header.Length)
        {
            throw new TableFormatException(path, $"line {csv.LineNumber}", $"{csv.FieldCount} fields; the header has {Header.Length}.");
        }

        RequireText();
        return true;
    }

    /// <summary>A field of the current row in UTF-8, valid until the next row.</summary>
    /// <param name="column">Position of its column.</param>
    public ReadOnlySpan<byte> Field(int column) => csv.GetSpan(column);

    /// <summary>A field of the current row; null where it is missing.</summary>
    /// <param name="column">Position of its column.</param>
    public string? Text(int column) => MissingText.Is(csv.GetSpan(column)) ? null : csv.GetString(column);

    /// <inheritdoc/>
    public void Dispose()
    {
        csv.Dispose();
        stream.Dispose();
    }

    /// <summary>What separates the fields of a .csv file: the first of comma, semicolon and tab that its header has outside quotes.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> start)
    {
        bool isQuoted = false, hasSemicolon = false, hasTab = false;
        foreach (byte value in start)
        {
            switch (value)
            {
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)',' when !isQuoted:
                    return ',';
                case (byte)';' when !isQuoted:
                    hasSemicolon = true;
                    break;
                case (byte)'\t' when !isQuoted:
                    hasTab = true;
                    break;
                case (byte)'\n' or (byte)'\r' when !isQuoted:
                    return hasSemicolon ? ';' : hasTab ? '\t' : ',';
                default:
                    break;
            }
        }

        return hasSemicolon ? ';' : hasTab ? '\t' : ',';
    }

    private byte[] ReadStart()
    {
        byte[] start = new byte[HeaderSample];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    private void RequireUtf8Mark(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new TableFormatException(path, null, "the text is UTF-16 or UTF-32; save the file as UTF-8.");
        }
    }

    private void RequireText()
    {
        ReadOnlySpan<byte> record = csv.RawRecord;
        if (!Utf8.IsValid(record))
        {
            throw new TableFormatException(path, $"line {csv.LineNumber}", $"{ColumnOf(field => !Utf8.IsValid(field))}bytes that are not UTF-8; save the file as UTF-8.");
        }

        if (record.Contains((byte)0))
        {
            throw new TableFormatException(path, $"line {csv.LineNumber}", $"{ColumnOf(field => field.Contains((byte)0))}a zero byte; this is no text file.");
        }
    }

    private string ColumnOf(FieldTest test)
    {
        for (int column = 0; column < csv.FieldCount; column++)
        {
            if (test(csv.GetSpan(column)))
            {
                return Header is null ? $"field {column + 1}: " : $"column '{Header[column]}': ";
            }
        }

        return string.Empty;
    }

    private void RequireDistinct(string[] header)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in header)
        {
            if (!seen.Add(name))
            {
                throw new TableFormatException(path, "line 1", $"column '{name}' appears twice in the header.");
            }
        }
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException exception)
        {
            throw new TableFormatException(path, $"line {exception.LineNumber}", exception.Message, exception);
        }
        catch (InvalidDataException exception)
        {
            throw new TableFormatException(path, null, $"{exception.Message}.", exception);
        }
    }

    private delegate bool FieldTest(ReadOnlySpan<byte> field);
}
