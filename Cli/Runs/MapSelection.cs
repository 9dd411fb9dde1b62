using FlowRatio.Engine.Models;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>The plane on which a page shows the rows: what the option names, or what <see cref="PicturePlane"/> chooses.</summary>
/// <param name="Selection">Where the places are; null for the first two of the model's own components.</param>
/// <param name="Horizontal">Title of the horizontal axis.</param>
/// <param name="Vertical">Title of the vertical axis.</param>
internal sealed record MapSelection(PointSelection? Selection, string Horizontal, string Vertical)
{
    private const int FitRows = 64 * PrincipalComponentsFit.BlockRows;

    /// <summary>Principal components that the selected coordinates are projected on; null for the coordinates themselves.</summary>
    public PrincipalComponents? Components { get; init; }

    /// <summary>Whether the plane is that of the first two principal components of the selected coordinates, which <see cref="Fit"/> finds.</summary>
    public bool IsPrincipal { get; init; }

    /// <summary>Finds the principal components, by one more pass over the file; nothing to do where the plane has none.</summary>
    /// <param name="table">The file.</param>
    public MapSelection Fit(TableFile table)
    {
        if (!IsPrincipal)
        {
            return this;
        }

        using RowReader reader = table.OpenRows(Selection!, []);
        var fit = new PrincipalComponentsFit(reader.Dimension);
        while (reader.ReadBlock(FitRows, out RowBlock? block))
        {
            fit.Add<double>(block.Points);
        }

        return fit.Count < 2 ? this : this with { Components = fit.Fit(2) };
    }

    /// <summary>Parses the option, or chooses what the file offers.</summary>
    /// <param name="text">Name of a representation, or two columns; null to choose.</param>
    /// <param name="table">The file.</param>
    /// <param name="points">The model's coordinates.</param>
    /// <param name="isProjected">Whether the model works on principal components of them.</param>
    public static MapSelection Of(string? text, TableFile table, PointSelection points, bool isProjected)
    {
        if (text is null)
        {
            PicturePlane plane = PicturePlane.Of(table, points);
            return plane.IsPrincipal && isProjected
                ? new MapSelection(null, "component 1", "component 2")
                : new MapSelection(plane.Selection, plane.Horizontal, plane.Vertical) { IsPrincipal = plane.IsPrincipal };
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
