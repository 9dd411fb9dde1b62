namespace FlowRatio.Training.Data.Tables;

/// <summary>
/// The plane on which pictures show the rows of a table where nobody names one, by one rule for all commands: X_umap if the file has it; the first two columns
/// of an embedding (X_pca, X_scvi, ...) as they are; of other points the first two principal components, not scaled, so that columns that are components
/// themselves keep their order; one or two columns as they are.
/// </summary>
/// <param name="Selection">Where the places are.</param>
/// <param name="IsPrincipal">Whether the plane is that of the first two principal components of what is selected.</param>
/// <param name="Horizontal">Title of the horizontal axis.</param>
/// <param name="Vertical">Title of the vertical axis.</param>
public sealed record PicturePlane(PointSelection Selection, bool IsPrincipal, string Horizontal, string Vertical)
{
    private const string UmapName = "X_umap";
    private const string EmbeddingPrefix = "X_";
    private const string NoSecond = "(one coordinate)";

    // The covariance of more would take too much memory for a picture.
    private const int MostColumns = 2_000;

    /// <summary>Chooses the plane.</summary>
    /// <param name="table">The table.</param>
    /// <param name="points">Coordinates of the rows.</param>
    public static PicturePlane Of(TableFile table, PointSelection points)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(points);
        if (table.Representations.Any(found => found is { Name: UmapName, Dimension: >= 2 }))
        {
            return OfRepresentation(table, UmapName);
        }

        if (points.Columns is { } columns)
        {
            return columns.Count > 2 ? Principal(points, $"{columns.Count} columns")
                : new PicturePlane(points, false, columns[0], columns.Count > 1 ? columns[1] : NoSecond);
        }

        string name = points.Representation!;
        int dimension = points.First ?? table.Representations.FirstOrDefault(found => found.Name == name)?.Dimension ?? 2;
        return dimension is <= 2 or > MostColumns || name.StartsWith(EmbeddingPrefix, StringComparison.Ordinal)
            ? OfRepresentation(table, name, dimension)
            : Principal(points, points.First is null ? name : $"{name}, its first {dimension}");
    }

    /// <summary>The first two columns of a representation; one where it has, or is taken with, one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">Its name.</param>
    /// <param name="most">How many of its columns there are at most; null for all.</param>
    public static PicturePlane OfRepresentation(TableFile table, string name, int? most = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        int dimension = table.Representations.FirstOrDefault(found => found.Name == name)?.Dimension ?? 2;
        int taken = Math.Min(2, Math.Min(dimension, most ?? 2));
        return new PicturePlane(PointSelection.OfRepresentation(name, taken), false, $"{name} 1", taken > 1 ? $"{name} 2" : NoSecond);
    }

    private static PicturePlane Principal(PointSelection points, string of) => new(points, true, $"PC 1 of {of}", $"PC 2 of {of}");
}
