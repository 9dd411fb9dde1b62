using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>Which cells a command works on: a file, the coordinates of its points, and where cells lie in pictures.</summary>
internal sealed class CellArguments
{
    private readonly Argument<string> file = new("FILE") { Description = "Cells: .csv or .tsv (also .gz), .h5ad, .npz." };
    private readonly Option<string?> columns = new("--columns") { Description = "Comma-separated columns of the coordinates; a trailing * stands for any ending [all columns of numbers that are not named elsewhere]." };
    private readonly Option<string?> representation = new("--representation") { Description = "Representation of an h5ad or npz file that holds the coordinates, in place of --columns." };
    private readonly Option<int> dimensions = FlowArguments.Number("--dimensions", 0, "Coordinates to use, from the first; 0 for all.");
    private readonly Option<string?> embedding = new("--embedding") { Description = "Two columns, or a representation, with the places of cells in pictures [first two principal components]." };

    /// <summary>Adds the options to a command.</summary>
    public CellArguments(Command command)
    {
        command.Arguments.Add(file);
        command.Options.Add(columns);
        command.Options.Add(representation);
        command.Options.Add(dimensions);
        command.Options.Add(embedding);
    }

    /// <summary>Name of the file, without its folder.</summary>
    public string FileName(ParseResult parsed) => Path.GetFileName(parsed.GetRequiredValue(file));

    /// <summary>Reads the cells.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="covariates">Names of the columns with covariates.</param>
    /// <returns>The cells, and their coordinates in words.</returns>
    public (CellTable Cells, string Coordinates) Read(ParseResult parsed, params IReadOnlyList<string> covariates)
    {
        using TableFile table = TableFile.Open(parsed.GetRequiredValue(file));
        PointSelection selection = Selection(parsed, table, covariates);
        return (CellTableReader.Read(table, selection, covariates, List(parsed.GetValue(embedding))), selection.ToString());
    }

    /// <summary>A second representation of the same cells: the file's coordinates after a correction.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="corrected">Columns, or a representation.</param>
    public (float[] Points, int Dimension) ReadCorrected(ParseResult parsed, string corrected)
    {
        using TableFile table = TableFile.Open(parsed.GetRequiredValue(file));
        return table.ReadPoints(
            table.Representations.Any(found => found.Name == corrected)
                ? PointSelection.OfRepresentation(corrected)
                : PointSelection.OfColumns(Matching(table, List(corrected))));
    }

    /// <summary>Words between commas.</summary>
    public static string[] List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private PointSelection Selection(ParseResult parsed, TableFile table, IReadOnlyList<string> covariates)
    {
        string? chosen = parsed.GetValue(representation);
        string[] names = List(parsed.GetValue(columns));
        int first = FlowArguments.AtLeast(parsed, dimensions, 0);
        if (chosen is not null && names.Length > 0)
        {
            throw new ArgumentException("--columns and --representation are both given; one is needed.");
        }

        if (chosen is null && names.Length == 0 && table.Columns.Count == 0 && table.Representations.Count > 0)
        {
            chosen = table.Representations[0].Name;
        }

        if (chosen is not null)
        {
            return PointSelection.OfRepresentation(chosen, first == 0 ? null : first);
        }

        string[] excluded = [.. covariates, .. List(parsed.GetValue(embedding))];
        string[] matching = names.Length > 0 ? Matching(table, names) : [.. table.NumericColumns().Where(name => !excluded.Contains(name))];
        if (matching.Length == 0)
        {
            throw new ArgumentException($"{table.Path}: no columns of numbers; name some with --columns, or a --representation.");
        }

        return first > matching.Length
            ? throw new ArgumentException($"--dimensions is {first}; there are {matching.Length} columns.")
            : PointSelection.OfColumns(first == 0 ? matching : matching[..first]);
    }

    private static string[] Matching(TableFile table, string[] patterns) =>
    [
        .. patterns.SelectMany(pattern => pattern.EndsWith('*')
            ? table.Columns.Where(name => name.StartsWith(pattern[..^1], StringComparison.Ordinal))
            : [pattern]).Distinct(),
    ];
}
