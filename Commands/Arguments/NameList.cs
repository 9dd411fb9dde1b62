namespace FlowRatio.Commands.Arguments;

/// <summary>
/// Names as they are typed. Commas separate the names of a list. A name that has a comma itself, a double quote at its beginning, or blanks at its
/// ends stands in double quotes, in which a double quote is doubled, as in a CSV file; where the columns are known it can also be typed as it is.
/// </summary>
internal static class NameList
{
    /// <summary>The rule, for help texts.</summary>
    public const string Rule = "a name with a comma or blanks at its ends stands in double quotes, as \"a,b\"";

    /// <summary>Reads a list.</summary>
    /// <param name="text">The list; null is empty.</param>
    /// <param name="known">Names that exist: one that has a comma is then found without quotes, where its parts are no names.</param>
    public static string[] Read(string? text, IReadOnlyCollection<string>? known = null)
    {
        List<(string Raw, string? Quoted)> parts = Split(text ?? string.Empty);
        HashSet<string> names = new(known ?? [], StringComparer.Ordinal);
        int mostParts = names.Count == 0 ? 1 : 1 + names.Max(name => name.Count(letter => letter == ','));
        List<string> read = [];
        for (int i = 0; i < parts.Count;)
        {
            string name = parts[i].Quoted ?? parts[i].Raw.Trim();
            int taken = 1;
            for (int count = 1; count <= Math.Min(mostParts, parts.Count - i); count++)
            {
                string raw = string.Join(',', parts.Skip(i).Take(count).Select(part => part.Raw));
                string? found = count == 1 && parts[i].Quoted is { } quoted && names.Contains(quoted) ? quoted
                    : names.Contains(raw) ? raw
                    : names.Contains(raw.Trim()) ? raw.Trim() : null;
                if (found is not null)
                {
                    (name, taken) = (found, count);
                    break;
                }
            }

            if (name.Length > 0 || names.Contains(name))
            {
                read.Add(name);
            }

            i += taken;
        }

        return [.. read];
    }

    /// <summary>Reads one name, which needs no quotes and may have them.</summary>
    /// <param name="text">The name; null is none.</param>
    /// <param name="known">Names that exist: one of them is taken as it is.</param>
    public static string? One(string? text, IReadOnlyCollection<string> known) =>
        text is null || known.Contains(text) ? text
        : TryReadQuoted(text.Trim(), 0, out string quoted, out int end) && end == text.Trim().Length ? quoted
        : known.Contains(text.Trim()) ? text.Trim() : text;

    /// <summary>A name as it must be typed in a list.</summary>
    public static string Quote(string name) =>
        name.Length == 0 || name.Contains(',', StringComparison.Ordinal) || name[0] == '"' || name.Trim() != name ? InQuotes(name) : name;

    /// <summary>A name in double quotes.</summary>
    public static string InQuotes(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Reads a name in double quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the quotes should begin.</param>
    /// <param name="name">What stands in them.</param>
    /// <param name="end">The place after them.</param>
    /// <returns>Whether there are quotes, and they are closed.</returns>
    public static bool TryReadQuoted(string text, int start, out string name, out int end)
    {
        name = string.Empty;
        end = start;
        if (start >= text.Length || text[start] != '"')
        {
            return false;
        }

        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == '"')
            {
                i++;
                continue;
            }

            name = text[(start + 1)..i].Replace("\"\"", "\"", StringComparison.Ordinal);
            end = i + 1;
            return true;
        }

        return false;
    }

    /// <summary>Parts between commas that stand outside of quotes; what only looks like a name in quotes is taken as it is.</summary>
    private static List<(string Raw, string? Quoted)> Split(string text)
    {
        List<(string Raw, string? Quoted)> parts = [];
        for (int start = 0; start <= text.Length;)
        {
            int begin = start;
            while (begin < text.Length && text[begin] == ' ')
            {
                begin++;
            }

            string? quoted = null;
            int comma = -1;
            if (TryReadQuoted(text, begin, out string name, out int end))
            {
                int after = end;
                while (after < text.Length && text[after] == ' ')
                {
                    after++;
                }

                (quoted, comma) = after == text.Length ? (name, after) : text[after] == ',' ? (name, after) : (null, -1);
            }

            if (quoted is null)
            {
                comma = text.IndexOf(',', start);
                comma = comma < 0 ? text.Length : comma;
            }

            parts.Add((text[start..comma], quoted));
            start = comma + 1;
        }

        return parts;
    }
}
