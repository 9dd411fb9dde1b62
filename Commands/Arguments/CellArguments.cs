using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Commands.Arguments;

/// <summary>Which cells a command works on: a file, the coordinates of its points, and where cells lie in pictures.</summary>
internal sealed class CellArguments
{
    private readonly Argument<string> file = new("FILE") { Description = "Cells: .csv or .tsv (also .gz), .h5ad, .npz." };
    private readonly Option<string?> columns = new(Coordinates.Columns) { Description = "Comma-separated columns of the coordinates; * stands for any letters [all columns of numbers that are not named elsewhere, where the file has no representation]." };
    private readonly Option<string?> representation = new(Coordinates.Representation) { Description = "Representation of an h5ad or npz file that holds the coordinates, in place of --columns [X_pca, or the only one]." };
    private readonly Option<int> dimensions = CommandOptions.Number("--dimensions", 0, "Coordinates to use, from the first; 0 for all.");
    private readonly Option<string?> embedding = new("--embedding") { Description = "Two columns, or a representation, with the places of cells in pictures [X_umap; or the first two columns of the representation; or the first two principal components of the columns, not scaled]." };
    private readonly TableArguments reading;

    /// <summary>Adds the options to a command.</summary>
    public CellArguments(Command command)
    {
        command.Arguments.Add(file);
        command.Options.Add(columns);
        command.Options.Add(representation);
        command.Options.Add(dimensions);
        command.Options.Add(embedding);
        reading = new TableArguments(command);
    }

    /// <summary>Name of the file, without its folder.</summary>
    public string FileName(ParseResult parsed) => Path.GetFileName(parsed.GetRequiredValue(file));

    /// <summary>The file that is read, by the name of its argument.</summary>
    public (string Argument, string Path) File(ParseResult parsed) => (file.Name, parsed.GetRequiredValue(file));

    /// <summary>Reads the cells, and says which coordinates they have.</summary>
    /// <param name="host">Says it.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="named">Columns with covariates, and the options that named them.</param>
    /// <returns>The cells, and their coordinates in words.</returns>
    public (CellTable Cells, string Coordinates) Read(ICommandHost host, ParseResult parsed, params IReadOnlyList<(Option Option, string[] Columns)> named)
    {
        using TableFile table = reading.Open(parsed, parsed.GetRequiredValue(file));
        foreach ((Option option, string[] wanted) in named)
        {
            TableNames.RequireColumns(table, wanted, option.Name);
        }

        string[] covariates = [.. named.SelectMany(entry => entry.Columns).Distinct()];
        Coordinates coordinates = Choose(parsed, table, covariates);
        CellTable cells = CellTableReader.Read(table, coordinates.Selection, covariates, Embedding(parsed, table));
        foreach (string line in coordinates.Describe(table))
        {
            host.Note(line);
        }

        return (cells, coordinates.Selection.ToFullString());
    }

    /// <summary>A second representation of the same cells: the file's coordinates after a correction.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names columns, or a representation.</param>
    /// <returns>Row-major points, or null where the option is not given.</returns>
    public float[]? ReadCorrected(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } corrected)
        {
            return null;
        }

        using TableFile table = reading.Open(parsed, parsed.GetRequiredValue(file));
        PointSelection selection = table.Representations.Any(found => found.Name == corrected)
            ? PointSelection.OfRepresentation(corrected)
            : PointSelection.OfColumns(Coordinates.Matching(table, CommandOptions.Names(corrected, table.Columns), option.Name, []));
        TableNames.RequirePoints(table, selection, option.Name);
        return table.ReadPoints(selection).Points;
    }

    /// <summary>The category that an option names.</summary>
    /// <param name="covariate">The covariate, which must have it.</param>
    /// <param name="text">Name of the category, as it is or in quotes.</param>
    /// <param name="option">The option that named it.</param>
    public static string RequireCategory(CellCovariate covariate, string text, Option option) =>
        NameList.One(text, covariate.Categories.ToHashSet(StringComparer.Ordinal)) is var category && covariate.Categories.Contains(category)
            ? category!
            : throw new ArgumentException($"{option.Name}: '{covariate.Name}' has no category '{category}'; {NearestName.Suggest(category!, covariate.Categories)}.");

    /// <summary>The columns that a list names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="list">The list.</param>
    public string[] Columns(ParseResult parsed, string list)
    {
        using TableFile table = reading.Open(parsed, parsed.GetRequiredValue(file));
        return CommandOptions.Names(list, table.Columns);
    }

    /// <summary>The column that an option names, as it is or in quotes; null for none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="text">The name.</param>
    public string? Column(ParseResult parsed, string? text)
    {
        using TableFile table = reading.Open(parsed, parsed.GetRequiredValue(file));
        return NameList.One(text, table.Columns);
    }

    private string[] Embedding(ParseResult parsed, TableFile table)
    {
        string[] names = CommandOptions.Names(parsed.GetValue(embedding), table.Columns);
        switch (names.Length)
        {
            case 0:
                break;
            case 1:
                TableNames.RequirePoints(table, PointSelection.OfRepresentation(names[0]), embedding.Name);
                break;
            case 2:
                TableNames.RequireColumns(table, names, embedding.Name);
                break;
            default:
                throw new ArgumentException($"{embedding.Name} is '{parsed.GetValue(embedding)}'; two columns, or a representation, are needed.");
        }

        return names;
    }

    private Coordinates Choose(ParseResult parsed, TableFile table, IReadOnlyList<string> covariates)
    {
        string? chosen = parsed.GetValue(representation);
        string[] names = CommandOptions.Names(parsed.GetValue(columns), table.Columns);
        int first = CommandOptions.AtLeast(parsed, dimensions, 0);
        return chosen is not null && names.Length > 0
            ? throw new ArgumentException("--columns and --representation are both given; one is needed.")
            : Coordinates.Of(
                table, names, chosen, first == 0 ? null : first, [.. covariates, .. CommandOptions.Names(parsed.GetValue(embedding), table.Columns)]);
    }
}
