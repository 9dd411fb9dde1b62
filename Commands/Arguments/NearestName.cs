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

        string[] near = Near(name, known);
        string meant = near.Length == 0 ? string.Empty : $"did you mean {string.Join(" or ", near.Select(other => $"'{NameList.Quote(other)}'"))}? ";
        string list = string.Join(", ", (shown ?? known).Take(LongestList)) + (known.Count > LongestList ? $", ... ({known.Count} in all)" : string.Empty);
        return $"{meant}there are: {list}";
    }

    /// <summary>The names that may have been meant, the nearest first; three at most.</summary>
    public static string[] Near(string name, IReadOnlyList<string> known) =>
        [.. known.Where(other => IsNear(name, other)).OrderBy(other => Distance(name, other)).Take(3)];

    private static bool IsNear(string name, string other) =>
        other.Contains(name, StringComparison.OrdinalIgnoreCase) || Distance(name, other) <= Math.Max(1, name.Length / 3);

    /// <summary>
    /// Insertions, deletions, replacements and exchanges of neighbours between two names, whatever their case (Damerau, 1964; no letter is edited twice).
    /// </summary>
    private static int Distance(string left, string right)
    {
        (left, right) = (left.ToUpperInvariant(), right.ToUpperInvariant());
        int[] before = [], last = [], row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            (before, last, row) = (last, row, new int[right.Length + 1]);
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], 1 + before[j - 2]);
                }
            }
        }

        return row[^1];
    }
}
