using System.Globalization;
using CsvHelper;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>
/// How a text file is laid out, told by its first bytes: what stands in front of the header, what separates fields, and whether the first field of a
/// row is its name.
/// </summary>
internal sealed record DelimitedLayout
{
    private const int MostRows = 500;
    private const byte Comment = (byte)'#';

    /// <summary>Bytes in front of the header: a byte order mark, lines of comment.</summary>
    public int SkippedBytes { get; private init; }

    /// <summary>Lines in front of the header.</summary>
    public int SkippedLines { get; private init; }

    /// <summary>What separates fields.</summary>
    public char Separator { get; private init; }

    /// <summary>Whether the header is a line that begins with <c>#</c>.</summary>
    public bool HasCommentedHeader { get; private init; }

    /// <summary>Whether every row has one field more than the header: its name, as write.table of R writes it.</summary>
    public bool IsHeaderShort { get; private init; }

    /// <summary>Whether the first column has a name as row names have, and values as well.</summary>
    public bool FirstNamesRows { get; private init; }

    /// <summary>What of this is to be told.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>Looks at the beginning of a file.</summary>
    /// <param name="start">Its first bytes.</param>
    /// <param name="isWhole">Whether these are all.</param>
    /// <param name="isTabs">Whether its extension says that tabs separate fields.</param>
    public static DelimitedLayout Of(ReadOnlySpan<byte> start, bool isWhole, bool isTabs)
    {
        int mark = start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        (int header, int comments, int last) = PassComments(start, mark);
        char separator = isTabs ? '\t' : SeparatorOf(start[header..], isWhole);
        bool isCommented = comments > 0 && (header == start.Length || IsHeader(start[last..], start[header..], isWhole, separator));
        if (isCommented)
        {
            header = last;
            comments--;
            separator = isTabs ? '\t' : SeparatorOf(start[header..], isWhole);
        }

        List<string[]> records = Records(start[header..], isWhole, separator);
        bool isShort = IsShort(records, separator);
        return new DelimitedLayout
        {
            SkippedBytes = header,
            SkippedLines = Lines(start[..header]),
            Separator = separator,
            HasCommentedHeader = isCommented,
            IsHeaderShort = isShort,
            FirstNamesRows = !isShort && records.Count > 1 && NamesRows(records),
            Remarks =
            [
                .. comments > 0 ? (string[])[$"{comments} line{(comments == 1 ? string.Empty : "s")} in front of the header that begin{(comments == 1 ? "s" : string.Empty)} with # {(comments == 1 ? "is" : "are")} skipped."] : [],
                .. isCommented ? (string[])["The header is the line that begins with #."] : [],
            ],
        };
    }

    /// <summary>Passes lines that begin with #, and empty ones: where they end, how many there are, where the last begins.</summary>
    private static (int End, int Comments, int Last) PassComments(ReadOnlySpan<byte> start, int at)
    {
        int first = at, comments = 0, last = -1;
        while (at < start.Length && start[at] is Comment or (byte)'\n' or (byte)'\r')
        {
            if (start[at] == Comment)
            {
                comments++;
                last = at;
                int length = start[at..].IndexOfAny((byte)'\n', (byte)'\r');
                at = length < 0 ? start.Length : at + length;
            }
            else
            {
                at++;
            }
        }

        return comments == 0 ? (first, 0, -1) : (at, comments, last);
    }

    /// <summary>A comment is the header if the next line has as many fields and a number among them.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> comment, ReadOnlySpan<byte> next, bool isWhole, char separator)
    {
        string[] names = Records(comment, isWhole, separator, 1).FirstOrDefault() ?? [], fields = Records(next, isWhole, separator, 1).FirstOrDefault() ?? [];
        return names.Length == fields.Length && names.Length > 1 && !Array.Exists(names, IsNumber) && Array.Exists(fields, IsNumber);
    }

    /// <summary>
    /// What separates the fields of a .csv file: the first of comma, semicolon and tab that its header has outside quotes; spaces where it has none
    /// of these and the rows have as many fields as it, or one more.
    /// </summary>
    private static char SeparatorOf(ReadOnlySpan<byte> start, bool isWhole)
    {
        bool isQuoted = false;
        Span<bool> has = stackalloc bool[4];
        foreach (byte value in start)
        {
            isQuoted ^= value == (byte)'"';
            int kind = isQuoted ? -1 : ",;\t "u8.IndexOf(value);
            if (kind >= 0)
            {
                has[kind] = true;
            }
            else if (!isQuoted && value is (byte)'\n' or (byte)'\r')
            {
                break;
            }
        }

        if (has[0] || has[1] || has[2] || !has[3])
        {
            return has[0] ? ',' : has[1] ? ';' : has[2] ? '\t' : ',';
        }

        List<string[]> records = Records(start, isWhole, ' ');
        return records.Count > 1 && records.Skip(1).All(record => record.Length - records[0].Length is 0 or 1) ? ' ' : ',';
    }

    /// <summary>The first records, as far as they are complete and sound.</summary>
    private static List<string[]> Records(ReadOnlySpan<byte> start, bool isWhole, char separator, int most = MostRows)
    {
        int end = isWhole ? start.Length : start.LastIndexOf((byte)'\n') + 1;
        using CsvReader csv = CsvReader.Create(new MemoryStream(start[..end].ToArray()), DelimitedReader.Options(separator), false);
        List<string[]> records = [];
        try
        {
            while (records.Count < most && csv.Read())
            {
                records.Add(csv.Current.ToArray());
            }
        }
        catch (CsvFormatException)
        {
            // Who reads the file will tell.
        }

        return records;
    }

    /// <summary>
    /// Whether the header is one field short. An empty field at the end of all rows is a separator too many instead, and a name that comes twice is no
    /// name. Whole numbers in the first two fields may be the two halves of a decimal comma.
    /// </summary>
    private static bool IsShort(List<string[]> records, char separator)
    {
        string[][] rows = [.. records.Skip(1)];
        return rows.Length > 1
            && Array.TrueForAll(rows, row => row.Length == records[0].Length + 1)
            && !Array.TrueForAll(rows, row => row[^1].Length == 0)
            && rows.DistinctBy(row => row[0], StringComparer.Ordinal).Count() == rows.Length
            && !(separator == ',' && Array.TrueForAll(rows, row => IsWhole(row[0]) && row[1].Length > 0 && row[1].All(char.IsAsciiDigit)));
    }

    /// <summary>Whether the first column is named as row names are, and has texts or whole numbers that are all different.</summary>
    private static bool NamesRows(List<string[]> records)
    {
        string name = records[0][0];
        string[] values = [.. records.Skip(1).Select(record => record[0])];
        bool areTexts = Array.TrueForAll(values, text => !IsNumber(text)), areWhole = Array.TrueForAll(values, IsWhole);
        return RowNames.IsNone(name)
            || (RowNames.IsUsual(name, records[0]) && (areTexts || areWhole) && values.Distinct(StringComparer.Ordinal).Count() == values.Length);
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static int Lines(ReadOnlySpan<byte> skipped) => skipped.Count((byte)'\n') is > 0 and int lines ? lines : skipped.Count((byte)'\r');
}
