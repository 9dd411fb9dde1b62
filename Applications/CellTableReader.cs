using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Applications;

/// <summary>Reads cells from a table.</summary>
public static class CellTableReader
{
    /// <summary>Reads points, covariates and places in pictures; a value that is missing stops the reading, with its row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selection">The coordinates.</param>
    /// <param name="covariates">Columns of the covariates.</param>
    /// <param name="embedding">Two columns or one representation with places in pictures; none for what <see cref="PicturePlane"/> chooses.</param>
    /// <exception cref="TableFormatException">A column is absent or damaged, or a coordinate is not a finite number.</exception>
    /// <exception cref="ArgumentException">A covariate has no value in a row, or the embedding is not two-dimensional.</exception>
    public static CellTable Read(
        TableFile table, PointSelection selection, IReadOnlyList<string> covariates, IReadOnlyList<string> embedding)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(covariates);
        ArgumentNullException.ThrowIfNull(embedding);
        // Every application compares points with each other only: what all of them have in common may go.
        (float[] points, int dimension, _) = table.ReadCentered(selection);
        CellCovariate[] read = [.. table.ReadColumns([.. covariates]).Select(column => Covariate(table, column.ToCategories()))];
        return new CellTable(points, dimension, read, Embedding(table, selection, points, dimension, embedding));
    }

    private static CellCovariate Covariate(TableFile table, CategoryColumn column)
    {
        int missing = column.Codes.IndexOf(CategoryColumn.Missing);
        if (missing >= 0)
        {
            throw new ArgumentException($"{table.Path}: column '{column.Name}' has no value in row {missing + 1}; remove such rows.");
        }

        // Categories without cells would be classes without rows.
        int[] counts = column.Count();
        int[] used = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0)];
        return new CellCovariate(
            column.Name, [.. used.Select(c => column.Categories[c])], [.. column.Codes.ToArray().Select(code => Array.IndexOf(used, code))]);
    }

    private static CellEmbedding Embedding(TableFile table, PointSelection selection, float[] points, int dimension, IReadOnlyList<string> names)
    {
        PicturePlane plane = names.Count switch
        {
            0 => PicturePlane.Of(table, selection),
            1 when table.Representations.Any(found => found.Name == names[0]) => PicturePlane.OfRepresentation(table, names[0]),
            2 => new PicturePlane(PointSelection.OfColumns(names), false, names[0], names[1]),
            _ => throw new ArgumentException($"The embedding is '{string.Join(",", names)}'; two columns, or a representation, are needed."),
        };
        if (plane.IsPrincipal)
        {
            return PrincipalPlane.Of(points, dimension, plane.Horizontal, plane.Vertical);
        }

        (float[] read, int columns) = plane.Selection == selection ? (points, dimension) : table.ReadPoints(plane.Selection);

        // A single coordinate is drawn against zero.
        return new CellEmbedding(plane.Horizontal, plane.Vertical, columns == 2 ? read : [.. read.SelectMany(value => (float[])[value, 0])]);
    }
}
