using System.Collections.Frozen;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Texts that stand for a missing value in a text file: an empty field, and what R, pandas and spreadsheets write for one.</summary>
internal static class MissingText
{
    private const int Longest = 4;
    private static readonly FrozenSet<string> Texts =
        FrozenSet.Create(StringComparer.Ordinal, string.Empty, "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a field is missing.</summary>
    /// <param name="field">Its text in UTF-8.</param>
    public static bool Is(ReadOnlySpan<byte> field)
    {
        if (field.Length > Longest)
        {
            return false;
        }

        Span<char> text = stackalloc char[field.Length];
        for (int i = 0; i < field.Length; i++)
        {
            text[i] = (char)field[i];
        }

        return Lookup.Contains(text);
    }
}
