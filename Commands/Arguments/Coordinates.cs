using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Commands.Arguments;

/// <summary>The coordinates that a command takes of a file: one rule for all commands.</summary>
/// <param name="Selection">Where they are.</param>
/// <param name="LeftOut">Columns that look like numbers and were left out, each with the reason.</param>
internal sealed record Coordinates(PointSelection Selection, IReadOnlyList<string> LeftOut)
{
    private const string Preferred = "X_pca";

    /// <summary>Options that name coordinates, as every command calls them.</summary>
    public const string Columns = "--columns", Representation = "--representation";

    /// <summary>
    /// Those that are named; else a representation, X_pca or the only one; else, where the file has none, all columns of numbers that the command
    /// does not use otherwise.
    /// </summary>
    /// <param name="table">The file.</param>
    /// <param name="patterns">Names of columns, or patterns of names; none to choose.</param>
    /// <param name="representation">Name of a representation; null to choose.</param>
    /// <param name="first">How many coordinates, from the first; null for all.</param>
    /// <param name="elsewhere">Columns that the command uses for something else.</param>
    public static Coordinates Of(
        TableFile table, IReadOnlyList<string> patterns, string? representation, int? first, IReadOnlyCollection<string> elsewhere)
    {
        if (patterns.Count > 0)
        {
            return new Coordinates(FirstOf(Matching(table, patterns, Columns, elsewhere), first), []);
        }

        if ((representation ?? Default(table)) is { } name)
        {
            TableNames.RequirePoints(table, PointSelection.OfRepresentation(name), Representation);
            return new Coordinates(PointSelection.OfRepresentation(name, first), []);
        }

        ColumnChoice choice = ColumnChoice.Of(table, elsewhere);
        return choice.Taken.Count > 0 ? new Coordinates(FirstOf(choice.Taken, first), choice.LeftOut)
            : throw new ArgumentException(
                $"{table.Path} has no columns of numbers for coordinates{(choice.LeftOut.Count > 0 ? $"; left out: {BriefList.Of(choice.LeftOut)}" : string.Empty)}; "
                + $"name some with {Columns}.{Unread(table)}");
    }

    /// <summary>Columns whose names fit, in the order of the patterns: the name itself, or where there is none, * for any letters.</summary>
    /// <param name="table">The file.</param>
    /// <param name="patterns">Names and patterns.</param>
    /// <param name="source">The option that names them.</param>
    /// <param name="elsewhere">Columns that a pattern does not take, as the command uses them for something else.</param>
    public static IReadOnlyList<string> Matching(
        TableFile table, IReadOnlyList<string> patterns, string source, IReadOnlyCollection<string> elsewhere)
    {
        List<string> found = [];
        foreach (string pattern in patterns)
        {
            if (!pattern.Contains('*', StringComparison.Ordinal) || table.Columns.Contains(pattern))
            {
                TableNames.RequireColumns(table, [pattern], source);
                found.Add(pattern);
                continue;
            }

            string[] parts = pattern.Split('*');
            string[] matching = [.. table.Columns.Where(name => name != table.IdentifierColumn && !elsewhere.Contains(name) && Fits(name, parts))];
            found.AddRange(matching.Length > 0
                ? matching
                : throw new ArgumentException($"{source}: {table.Path} has no column like '{pattern}'; {NearestName.Suggest(parts[0], table.Columns)}."));
        }

        return [.. found.Distinct()];
    }

    /// <summary>What is said about the coordinates, line by line: how many of what, how the file was understood, what was left out.</summary>
    /// <param name="table">The file.</param>
    /// <param name="rows">Rows that are used, if not all.</param>
    public IEnumerable<string> Describe(TableFile table, int? rows = null)
    {
        int count = Selection.Columns?.Count ?? Selection.First ?? table.Representations.First(found => found.Name == Selection.Representation).Dimension;
        yield return $"{Path.GetFileName(table.Path)}: {rows ?? table.Rows:#,0} {table.RowNoun}, {count:#,0} {(count == 1 ? "coordinate" : "coordinates")} ({Selection}).";
        foreach (string remark in table.Remarks)
        {
            yield return remark;
        }

        if (LeftOut.Count > 0)
        {
            yield return $"Left out of the coordinates: {BriefList.Of(LeftOut)}.";
        }
    }

    /// <summary>The representation that is taken where nothing is named; null for a file without.</summary>
    private static string? Default(TableFile table)
    {
        if (table.Representations.Any(representation => representation.Name == Preferred))
        {
            return Preferred;
        }

        // One that is there and cannot be read must not give way to another in silence.
        return table.Refusal(Preferred) is { } refusal ? throw refusal
            : table.Representations.Count <= 1 ? (table.Representations.Count == 0 ? null : table.Representations[0].Name)
            : throw new ArgumentException(
                $"{table.Path} has no {Preferred}; choose with {Representation}: "
                + $"{BriefList.Of([.. table.Representations.Select(representation => $"{representation.Name} ({representation.Dimension})")])}.");
    }

    /// <summary>What the file has beside its table, which may be what is looked for.</summary>
    private static string Unread(TableFile table)
    {
        string[] refused = [.. table.Refused];
        return refused.Length == 0 ? string.Empty : $" Not read: {BriefList.Of(refused)}; '{refused[0]}': {table.Refusal(refused[0])!.Cause}";
    }

    private static PointSelection FirstOf(IReadOnlyList<string> columns, int? first) => first > columns.Count
        ? throw new ArgumentException($"{first} coordinates are asked for; there are {columns.Count} columns.")
        : PointSelection.OfColumns(first is { } count ? [.. columns.Take(count)] : columns);

    private static bool Fits(string name, string[] parts)
    {
        // The parts between stars follow each other: the first begins the name, the last ends it.
        if (!name.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
