namespace FlowRatio.Training.Data.Tables;

/// <summary>Which numbers of a table are the coordinates of its points: some columns, or a representation.</summary>
public sealed class PointSelection
{
    private PointSelection(IReadOnlyList<string>? columns, string? representation, int? first)
    {
        Columns = columns;
        Representation = representation;
        First = first;
    }

    /// <summary>Names of columns of numbers, in the order of the coordinates; null for a representation.</summary>
    public IReadOnlyList<string>? Columns { get; }

    /// <summary>Name of a representation; null for columns.</summary>
    public string? Representation { get; }

    /// <summary>How many of the representation's coordinates, from the first; null for all.</summary>
    public int? First { get; }

    /// <summary>Columns of numbers.</summary>
    /// <param name="names">Their names, at least one and none twice.</param>
    public static PointSelection OfColumns(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
        {
            throw new ArgumentException("No columns; at least one is needed.", nameof(names));
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Column '{twice.Key}' is named twice.", nameof(names));
        }

        return new PointSelection([.. names], null, null);
    }

    /// <summary>A representation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="first">How many of its coordinates, from the first; null for all.</param>
    public static PointSelection OfRepresentation(string name, int? first = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (first is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(first));
        }

        return new PointSelection(null, name, first);
    }

    /// <summary>The selection in words with every column, for records.</summary>
    public string ToFullString() => Columns is not null ? $"columns {string.Join(", ", Columns)}" : ToString();

    /// <summary>The selection in words, for messages: many columns in short.</summary>
    public override string ToString() => Columns is not null
        ? $"columns {BriefList.Of(Columns)}"
        : First is null ? $"representation '{Representation}'" : $"first {First} coordinates of '{Representation}'";
}
