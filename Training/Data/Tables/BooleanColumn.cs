namespace FlowRatio.Training.Data.Tables;

/// <summary>A column of truth values; null where one is missing. As text they are <c>False</c> and <c>True</c>.</summary>
public sealed class BooleanColumn : TableColumn
{
    private static readonly string[] Texts = [bool.FalseString, bool.TrueString];
    private readonly bool?[] values;

    /// <summary>Creates a column.</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">Value of each row; null where it is missing.</param>
    public BooleanColumn(string name, bool?[] values)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(values);
        this.values = values;
    }

    /// <summary>Value of each row; null where it is missing.</summary>
    public ReadOnlySpan<bool?> Values => values;

    /// <inheritdoc/>
    public override int Rows => values.Length;

    /// <inheritdoc/>
    public override string?[] ToText() => [.. values.Select(value => value is { } known ? Texts[known ? 1 : 0] : null)];

    /// <inheritdoc/>
    public override CategoryColumn ToCategories() =>
        new(Name, Texts, [.. values.Select(value => value is { } known ? (known ? 1 : 0) : CategoryColumn.Missing)]);
}
