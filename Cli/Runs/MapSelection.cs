using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>The plane on which a page shows the rows: a 2-D embedding, two columns, or the first two coordinates.</summary>
/// <param name="Selection">Where the embedding is; null for the first two coordinates of the points.</param>
/// <param name="Horizontal">Title of the horizontal axis.</param>
/// <param name="Vertical">Title of the vertical axis.</param>
internal sealed record MapSelection(PointSelection? Selection, string Horizontal, string Vertical)
{
    private const string UmapName = "X_umap";

    /// <summary>Parses the option, or chooses what the file offers.</summary>
    /// <param name="text">Name of a representation, or two columns; null to choose.</param>
    /// <param name="table">The file.</param>
    /// <param name="points">The model's coordinates.</param>
    /// <param name="isProjected">Whether the model works on principal components of them.</param>
    public static MapSelection Of(string? text, TableFile table, PointSelection points, bool isProjected)
    {
        if (text is null && table.Representations.Any(representation => representation is { Name: UmapName, Dimension: >= 2 }))
        {
            text = UmapName;
        }

        if (text is null)
        {
            return isProjected ? new MapSelection(null, "component 1", "component 2")
                : points.Columns is { } columns
                ? new MapSelection(null, columns[0], columns.Count > 1 ? columns[1] : columns[0])
                : new MapSelection(null, $"{points.Representation} 1", $"{points.Representation} 2");
        }

        string[] names = CommandOptions.Names(text, table.Columns);
        if (names.Length == 2)
        {
            TableNames.RequireColumns(table, names, "--embedding");
            return new MapSelection(PointSelection.OfColumns(names), names[0], names[1]);
        }

        PointSelection selection = PointSelection.OfRepresentation(names.Length == 1 ? names[0] : throw new ArgumentException(
            $"--embedding is '{text}'; the name of a representation, or two columns, are needed."));
        TableNames.RequirePoints(table, selection, "--embedding");
        int dimension = table.Representations.First(representation => representation.Name == names[0]).Dimension;
        return dimension >= 2
            ? new MapSelection(PointSelection.OfRepresentation(names[0], 2), $"{names[0]} 1", $"{names[0]} 2")
            : throw new ArgumentException($"--embedding: '{names[0]}' has {dimension} coordinate; two are needed.");
    }
}
