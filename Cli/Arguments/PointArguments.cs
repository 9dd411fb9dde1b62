using System.CommandLine;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Arguments;

/// <summary>Where the coordinates are in a file.</summary>
internal sealed class PointArguments
{
    /// <summary>What is taken where nothing is named: by a training.</summary>
    public const string OfTraining = "X_pca, or the only representation; without any all columns of numbers that are no covariates";

    /// <summary>By an estimation.</summary>
    public const string OfModel = "those of the model; of an imported model that names none the file's, if they are as many";

    /// <summary>By an import.</summary>
    public const string OfImport = "not recorded in the model; they can be named with each estimation";

    private readonly Option<string?> columns;
    private readonly Option<string?> representation = new(Coordinates.Representation) { Description = "Representation of the coordinates, such as X_pca or X in an h5ad file, or an array of an npz file, in place of --columns." };
    private readonly Option<int?> first = new("--first") { Description = "Only the first so many coordinates of the representation." };

    /// <summary>Adds the options.</summary>
    /// <param name="command">To this command.</param>
    /// <param name="otherwise">What is taken where none is given.</param>
    public PointArguments(Command command, string otherwise)
    {
        columns = new(Coordinates.Columns)
        {
            Description = $"Comma-separated columns of the coordinates; * stands for any letters, as in 'PC*'; {NameList.Rule} [{otherwise}].",
        };
        command.Options.Add(columns);
        command.Options.Add(representation);
        command.Options.Add(first);
    }

    /// <summary>Whether coordinates are named.</summary>
    public bool AreNamed(ParseResult parsed, IReadOnlyCollection<string>? known = null) => Named(parsed) is ({ Length: > 0 }, _, _) or (_, not null, _);

    /// <summary>The coordinates of a file: those that are named, or chosen by the rule of all commands.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="table">The file.</param>
    /// <param name="elsewhere">Columns that the command uses for something else.</param>
    public Coordinates Choose(ParseResult parsed, TableFile table, IReadOnlyCollection<string> elsewhere)
    {
        (string[] names, string? name, int? count) = Named(parsed, table.Columns);
        return Coordinates.Of(table, names, name, count, elsewhere);
    }

    /// <summary>The coordinates where there is no file to look at; null when none are named.</summary>
    public PointSelection? Selection(ParseResult parsed)
    {
        (string[] names, string? name, int? count) = Named(parsed);
        return Array.Find(names, text => text.Contains('*', StringComparison.Ordinal)) is { } pattern
            ? throw new ArgumentException($"{columns.Name}: '{pattern}' is a pattern, and there is no table to look names up in; write them out.")
            : names.Length > 0 ? PointSelection.OfColumns(names)
            : name is not null ? PointSelection.OfRepresentation(name, count)
            : null;
    }

    private (string[] Columns, string? Representation, int? First) Named(ParseResult parsed, IReadOnlyCollection<string>? known = null)
    {
        string[] names = CommandOptions.Names(parsed.GetValue(columns), known);
        int? count = CommandOptions.AtLeast(parsed, first, 1);
        string? name = parsed.GetValue(representation);
        return names.Length > 0 && name is not null ? throw new ArgumentException("--columns and --representation exclude each other; give one.")
            : names.Length > 0 && count is not null ? throw new ArgumentException($"--first is {count}, but counts coordinates of a --representation; with --columns name only those that are wanted.")
            : name is null && count is not null ? throw new ArgumentException("--first needs a --representation.")
            : (names, name, count);
    }
}
