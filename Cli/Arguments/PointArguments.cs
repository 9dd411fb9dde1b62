using System.CommandLine;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Arguments;

/// <summary>Where the coordinates are in a file.</summary>
internal sealed class PointArguments
{
    /// <summary>What is taken where nothing is named: by a training.</summary>
    public const string OfTraining = "all columns of numbers that are no covariates; or X_pca, or the only representation";

    /// <summary>By an estimation.</summary>
    public const string OfModel = "those of the model; of an imported model that names none the file's, if they are as many";

    /// <summary>By an import.</summary>
    public const string OfImport = "not recorded in the model; they can be named with each estimation";

    private readonly Option<string?> columns;
    private readonly Option<string?> representation = new("--representation") { Description = "Representation of the coordinates, such as X_pca or X in an h5ad file, or an array of an npz file, in place of --columns." };
    private readonly Option<int?> first = new("--first") { Description = "Only the first so many coordinates of the representation." };

    /// <summary>Adds the options.</summary>
    /// <param name="command">To this command.</param>
    /// <param name="otherwise">What is taken where none is given.</param>
    public PointArguments(Command command, string otherwise)
    {
        columns = new("--columns") { Description = $"Comma-separated columns of the coordinates [{otherwise}]." };
        command.Options.Add(columns);
        command.Options.Add(representation);
        command.Options.Add(first);
    }

    /// <summary>The coordinates, or null when none are named.</summary>
    public PointSelection? Selection(ParseResult parsed)
    {
        string[] names = CommandOptions.Names(parsed.GetValue(columns));
        int? count = CommandOptions.AtLeast(parsed, first, 1);
        string? name = parsed.GetValue(representation);
        return names.Length > 0 && name is not null ? throw new ArgumentException("--columns and --representation exclude each other; give one.")
            : names.Length > 0 && count is not null ? throw new ArgumentException($"--first is {count}, but counts coordinates of a --representation; with --columns name only those that are wanted.")
            : names.Length > 0 ? PointSelection.OfColumns(names)
            : name is not null ? PointSelection.OfRepresentation(name, count)
            : count is null ? null : throw new ArgumentException("--first needs a --representation.");
    }
}
