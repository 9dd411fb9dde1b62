using System.Globalization;

namespace FlowRatio.Training.Data.Tables;

/// <summary>A column of numbers; NaN where a value is missing.</summary>
public sealed class NumberColumn : TableColumn
{
    private readonly double[] values;
    private readonly CategoryColumn? written;

    /// <summary>Creates a column.</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">Value of each row; NaN where it is missing.</param>
    /// <param name="storage">How a file stores them.</param>
    public NumberColumn(string name, double[] values, NumberStorage storage = NumberStorage.Real64)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(values);
        this.values = values;
        Storage = storage;
    }

    /// <summary>A column of a text file, which may write one number in several ways (1, 1.0, 01).</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">Value of each row.</param>
    /// <param name="written">The numbers as the file writes them.</param>
    internal NumberColumn(string name, double[] values, CategoryColumn written)
        : this(name, values) => this.written = written;

    /// <summary>Value of each row; NaN where it is missing.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>How a file stores them.</summary>
    public NumberStorage Storage { get; }

    /// <inheritdoc/>
    public override int Rows => values.Length;

    /// <summary>The text of a number: the shortest that reads back as the same.</summary>
    /// <param name="value">A number.</param>
    /// <param name="storage">How a file stores it.</param>
    public static string? Format(double value, NumberStorage storage) => double.IsNaN(value)
        ? null
        : storage == NumberStorage.Real32
            ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string?[] ToText() => written?.ToText() ?? [.. values.Select(value => Format(value, Storage))];

    /// <inheritdoc/>
    public override CategoryColumn ToCategories()
    {
        string?[] text = ToText();
        string[] categories =
        [
            .. text.Index().Where(entry => entry.Item is not null).Select(entry => (Text: entry.Item!, Value: values[entry.Index]))
                .Distinct().OrderBy(entry => entry.Value).ThenBy(entry => entry.Text, StringComparer.Ordinal).Select(entry => entry.Text),
        ];
        Dictionary<string, int> numbers = categories.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return new CategoryColumn(Name, categories, [.. text.Select(value => value is null ? CategoryColumn.Missing : numbers[value])]);
    }
}
