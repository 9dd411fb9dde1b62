namespace FlowRatio.Training.Data.Tables;

/// <summary>A column of text: each row names one of the categories, or none where it is missing.</summary>
public sealed class CategoryColumn : TableColumn
{
    /// <summary>The code of a missing value.</summary>
    public const int Missing = -1;

    private readonly string[] categories;
    private readonly int[] codes;

    /// <summary>Creates a column.</summary>
    /// <param name="name">Name.</param>
    /// <param name="categories">Different texts; some may have no rows.</param>
    /// <param name="codes">Per row the number of its category, or <see cref="Missing"/>.</param>
    public CategoryColumn(string name, IEnumerable<string> categories, int[] codes)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(codes);
        this.categories = [.. categories];
        this.codes = codes;
        var seen = new HashSet<string>(this.categories.Length, StringComparer.Ordinal);
        foreach (string category in this.categories)
        {
            if (!seen.Add(category))
            {
                throw new ArgumentException($"Column '{name}' has the category '{category}' twice.", nameof(categories));
            }
        }

        for (int r = 0; r < codes.Length; r++)
        {
            if (codes[r] < Missing || codes[r] >= this.categories.Length)
            {
                throw new ArgumentException(
                    $"Column '{name}' has the code {codes[r]} in row {r + 1}; there are {this.categories.Length} categories.", nameof(codes));
            }
        }
    }

    /// <summary>Names of the categories.</summary>
    public IReadOnlyList<string> Categories => categories;

    /// <summary>Per row the number of its category, or <see cref="Missing"/>.</summary>
    public ReadOnlySpan<int> Codes => codes;

    /// <inheritdoc/>
    public override int Rows => codes.Length;

    /// <summary>A column from one text per row, its categories in ordinal order.</summary>
    /// <param name="name">Name.</param>
    /// <param name="text">Text of each row; null where it is missing.</param>
    public static CategoryColumn FromText(string name, IReadOnlyList<string?> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] categories = [.. text.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, int> numbers = categories.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return new CategoryColumn(name, categories, [.. text.Select(value => value is null ? Missing : numbers[value])]);
    }

    /// <summary>Number of rows of each category.</summary>
    public int[] Count()
    {
        int[] counts = new int[categories.Length];
        foreach (int code in codes)
        {
            if (code != Missing)
            {
                counts[code]++;
            }
        }

        return counts;
    }

    /// <inheritdoc/>
    public override string?[] ToText() => [.. codes.Select(code => code == Missing ? null : categories[code])];

    /// <inheritdoc/>
    public override CategoryColumn ToCategories() => this;
}
