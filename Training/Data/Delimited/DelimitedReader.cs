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
    private const int HeaderSample = 1 << 20;

    private readonly string path;
    private readonly Stream stream;
    private readonly CsvReader csv;
    private readonly DelimitedLayout layout;

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
            layout = DelimitedLayout.Of(start, start.Length < HeaderSample, name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase));
            var content = new MemoryStream(start, layout.SkippedBytes, start.Length - layout.SkippedBytes);
            csv = CsvReader.Create(new FollowedStream(content, stream), Options(layout.Separator), true);
            if (!Guard(csv.Read))
            {
                throw new TableFormatException(path, null, "the file is empty; a header line is needed.");
            }

            RequireText();
            Fields = DelimitedHeader.Of(csv.Current.ToArray(), layout);
            RequireDistinct(Header);
        }
        catch
        {
            csv?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The names of the fields, and what they say about the rows.</summary>
    public DelimitedHeader Fields { get; }

    /// <summary>Names of all fields of a row.</summary>
    public string[] Header => Fields.Names;

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
            throw new TableFormatException(path, Line(csv.LineNumber), $"{csv.FieldCount} fields; the header has {Header.Length}.{CountAdvice()}");
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

    /// <summary>How the library reads.</summary>
    internal static CsvReaderOptions Options(char separator) => new()
    {
        Separator = separator,
        HasHeader = false,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
        PoolStrings = true,
        MaxRecordSize = LargestRecord,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
    };

    private string Line(long number) => $"line {number + layout.SkippedLines}";

    /// <summary>What may make rows longer than the header.</summary>
    private string CountAdvice() => csv.FieldCount <= Header.Length ? string.Empty
        : (layout.Separator == ',' ? " Numbers with commas in them must be quoted, or separated by semicolons or tabs (--decimal , reads decimal commas)." : string.Empty)
        + (csv.FieldCount == Header.Length + 1 && Row == 1 ? " Row names need a name in the header, or none but a separator: write.table(..., col.names = NA) in R." : string.Empty);

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
            throw new TableFormatException(path, Line(csv.LineNumber), $"{ColumnOf(field => !Utf8.IsValid(field))}bytes that are not UTF-8; save the file as UTF-8.");
        }

        if (record.Contains((byte)0))
        {
            throw new TableFormatException(path, Line(csv.LineNumber), $"{ColumnOf(field => field.Contains((byte)0))}a zero byte; this is no text file.");
        }
    }

    private string ColumnOf(FieldTest test)
    {
        for (int column = 0; column < csv.FieldCount; column++)
        {
            if (test(csv.GetSpan(column)))
            {
                return Fields is null ? $"field {column + 1}: " : $"column '{Header[column]}': ";
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
                throw new TableFormatException(path, Line(1), $"column '{name}' appears twice in the header.");
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
            throw new TableFormatException(path, Line(exception.LineNumber), exception.Message, exception);
        }
        catch (InvalidDataException exception)
        {
            throw new TableFormatException(path, null, $"{exception.Message}.", exception);
        }
    }

    private delegate bool FieldTest(ReadOnlySpan<byte> field);
}
