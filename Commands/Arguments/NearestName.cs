namespace FlowRatio.Commands.Arguments;

/// <summary>Finds what a user may have meant, and lists what there is.</summary>
internal static class NearestName
{
    private const int LongestList = 20;

    /// <summary>The rest of a sentence about a name that does not exist: the nearest ones, then all, or as many as fit.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">Names that exist.</param>
    /// <param name="shown">How each is shown; null for as it is.</param>
    public static string Suggest(string name, IReadOnlyList<string> known, IReadOnlyList<string>? shown = null)
    {
        if (known.Count == 0)
        {
            return "there are none";
        }

        string[] near = [.. known.Where(other => IsNear(name, other)).OrderBy(other => Distance(name, other)).Take(3)];
        string meant = near.Length == 0 ? string.Empty : $"did you mean {string.Join(" or ", near.Select(other => $"'{other}'"))}? ";
        string list = string.Join(", ", (shown ?? known).Take(LongestList)) + (known.Count > LongestList ? $", ... ({known.Count} in all)" : string.Empty);
        return $"{meant}there are: {list}";
    }

    private static bool IsNear(string name, string other) =>
        other.Contains(name, StringComparison.OrdinalIgnoreCase) || Distance(name, other) <= Math.Max(1, name.Length / 3);

    /// <summary>Insertions, deletions and replacements between two names, whatever their case (Levenshtein, 1965).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
