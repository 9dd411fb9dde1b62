using System.Text;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>A second reader of text tables, as plain as can be, to compare with: the rules of RFC 4180 letter by letter.</summary>
public static class PlainCsv
{
    private static readonly string[] Missing = ["", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null"];

    /// <summary>What the table says is what the letters say.</summary>
    public static void RequireAgreement(byte[] content, bool isTsv, TableContent table)
    {
        string text = new UTF8Encoding(false, true).GetString(content).TrimStart('\uFEFF');
        if (text.TrimStart('\r', '\n').StartsWith('#'))
        {
            // Comments in front of the header are no matter of RFC 4180.
            return;
        }

        List<List<string>> records = Parse(text, isTsv ? '\t' : Separator(text));
        if (records.Count > 2 && records.Skip(1).All(record => record.Count == records[0].Count + 1))
        {
            records[0].Insert(0, string.Empty);
        }

        List<string> header = [.. records[0].Select((name, i) => !string.IsNullOrWhiteSpace(name) ? name : i == 0 && records[0].Count > 1 ? "row_name" : $"unnamed column {i + 1}")];
        if (table.Rows != records.Count - 1 || !table.Columns.Keys.Order().SequenceEqual(header.Order()))
        {
            throw new InvalidOperationException($"{records.Count - 1} rows of ({string.Join('|', header)}), not {table.Rows} of ({string.Join('|', table.Columns.Keys)}).");
        }

        foreach ((string name, string?[] values) in table.Columns)
        {
            int column = header.IndexOf(name);
            if (!values.SequenceEqual(records.Skip(1).Select(record => Missing.Contains(record[column]) ? null : record[column])))
            {
                throw new InvalidOperationException($"Column '{name}' says something else.");
            }
        }
    }

    private static char Separator(string text)
    {
        var outside = new StringBuilder();
        bool isQuoted = false;
        foreach (char letter in text)
        {
            isQuoted ^= letter == '"';
            if (letter is '\n' or '\r' && !isQuoted)
            {
                break;
            }

            outside.Append(isQuoted ? ' ' : letter);
        }

        string header = outside.ToString();
        return header.Contains(',', StringComparison.Ordinal) || !header.AsSpan().ContainsAny(';', '\t') ? ','
            : header.Contains(';', StringComparison.Ordinal) ? ';' : '\t';
    }

    private static List<List<string>> Parse(string text, char separator)
    {
        List<List<string>> records = [];
        List<string> record = [];
        var field = new StringBuilder();
        bool isQuoted = false, isEmptyLine = true;
        void EndRecord()
        {
            if (!isEmptyLine)
            {
                record.Add(field.ToString());
                records.Add(record);
            }

            record = [];
            field.Clear();
            isEmptyLine = true;
        }

        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (isQuoted)
            {
                if (letter != '"')
                {
                    field.Append(letter);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (letter is '\n' or '\r')
            {
                EndRecord();
            }
            else
            {
                isEmptyLine = false;
                if (letter == '"')
                {
                    isQuoted = true;
                }
                else if (letter == separator)
                {
                    record.Add(field.ToString());
                    field.Clear();
                }
                else
                {
                    field.Append(letter);
                }
            }
        }

        EndRecord();
        return records;
    }
}
