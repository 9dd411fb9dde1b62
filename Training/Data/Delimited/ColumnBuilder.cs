using System.Text;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>
/// Collects the fields of one column of a text file. It becomes numbers if every field that is there is one, truth values if all are
/// <c>True</c> or <c>False</c>, else categories in ordinal order.
/// </summary>
/// <param name="name">Name of the column.</param>
/// <param name="spelling">How numbers are written.</param>
internal sealed class ColumnBuilder(string name, NumberText spelling)
{
    // Numbers written in more ways than this are measurements, not groups: how each was written is forgotten.
    private const int MostWritten = 1 << 16;

    private readonly List<string> categories = [];
    private readonly Dictionary<string, int> codeOf = new(StringComparer.Ordinal);
    private readonly List<int> codes = [];

    /// <summary>Takes the field of the next row.</summary>
    /// <param name="field">Its text in UTF-8.</param>
    public void Add(ReadOnlySpan<byte> field)
    {
        if (MissingText.Is(field))
        {
            codes.Add(CategoryColumn.Missing);
            return;
        }

        Span<char> text = field.Length <= 256 ? stackalloc char[field.Length] : new char[field.Length];
        text = text[..Encoding.UTF8.GetChars(field, text)];
        if (!codeOf.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int code))
        {
            code = categories.Count;
            categories.Add(text.ToString());
            codeOf.Add(categories[code], code);
        }

        codes.Add(code);
    }

    /// <summary>The column.</summary>
    public TableColumn Build()
    {
        double[] numbers = new double[categories.Count];
        bool isNumeric = true;
        for (int i = 0; i < numbers.Length && isNumeric; i++)
        {
            isNumeric = spelling.TryParse(categories[i], out numbers[i]);
        }

        if (isNumeric)
        {
            double[] values = [.. codes.Select(code => code == CategoryColumn.Missing ? double.NaN : numbers[code])];
            return categories.Count > MostWritten ? new NumberColumn(name, values) : new NumberColumn(name, values, new CategoryColumn(name, categories, [.. codes]));
        }

        if (categories.TrueForAll(text => IsBoolean(text)))
        {
            return new BooleanColumn(
                name, [.. codes.Select(code => code == CategoryColumn.Missing ? (bool?)null : bool.Parse(categories[code]))]);
        }

        int[] order = [.. Enumerable.Range(0, categories.Count).OrderBy(code => categories[code], StringComparer.Ordinal)];
        int[] rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        return new CategoryColumn(
            name, order.Select(code => categories[code]), [.. codes.Select(code => code == CategoryColumn.Missing ? code : rank[code])]);
    }

    // Only the spelling that becomes the same text again: True in one file and TRUE in another are two categories.
    private static bool IsBoolean(string text) => text is "True" or "False";
}
