using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Commands.Arguments;

/// <summary>Names of columns and representations on the command line, checked against a file.</summary>
internal static class TableNames
{
    /// <summary>Requires columns that a file has.</summary>
    /// <param name="table">The file.</param>
    /// <param name="names">The columns.</param>
    /// <param name="source">What named them, for the message.</param>
    public static void RequireColumns(TableFile table, IEnumerable<string> names, string source)
    {
        foreach (string name in names)
        {
            if (!table.Columns.Contains(name))
            {
                RequireReadable(table, name, source);
                throw new ArgumentException($"{source}: {table.Path} has no column '{name}'; {NearestName.Suggest(name, table.Columns)}.");
            }
        }
    }

    /// <summary>Requires the coordinates that a file has.</summary>
    public static void RequirePoints(TableFile table, PointSelection selection, string source)
    {
        if (selection.Columns is { } columns)
        {
            RequireColumns(table, columns, source);
        }
        else if (table.Representations.All(representation => representation.Name != selection.Representation))
        {
            RequireReadable(table, selection.Representation!, source);
            throw new ArgumentException(
                $"{source}: {table.Path} has no representation '{selection.Representation}'; "
                + $"{NearestName.Suggest(selection.Representation!, [.. table.Representations.Select(representation => representation.Name)])}.");
        }
    }

    /// <summary>What is there but cannot be read is not said to be absent.</summary>
    private static void RequireReadable(TableFile table, string name, string source)
    {
        if (table.Refusal(name) is { } refusal)
        {
            throw new ArgumentException($"{source}: {refusal.Message}", refusal);
        }
    }
}
