using FlowRatio.Applications;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data;

/// <summary>The plane of pictures, by one rule for all commands.</summary>
public sealed class PicturePlaneTests
{
    private const string Columns = "PC1,PC2,PC3\n4,1,0.1\n-4,1,-0.2\n4,-1,0.1\n-4,-1,-0.1\n0,0,0.1\n";

    [Test]
    public void Columns_that_are_components_keep_their_plane()
    {
        using var folder = new TemporaryFolder();
        using TableFile table = TableFile.Open(folder.Write("c.csv", Columns));
        CellEmbedding plane = CellTableReader.Read(table, PointSelection.OfColumns(["PC1", "PC2", "PC3"]), [], []).Embedding;
        Assert.That((plane.X, plane.Y), Is.EqualTo(("PC 1 of 3 columns", "PC 2 of 3 columns")));

        // Not scaled: the widest columns are the axes, up to a sign. Standardised, the third would weigh as much.
        float[] expected = [4, 1, 4, 1, 4, 1, 4, 1, 0, 0];
        Assert.That(plane.Coordinates.Select(Math.Abs), Is.EqualTo(expected).Within(0.1));
    }

    [Test]
    public void One_or_two_columns_are_the_axes()
    {
        using var folder = new TemporaryFolder();
        using TableFile table = TableFile.Open(folder.Write("c.csv", Columns));
        CellEmbedding two = CellTableReader.Read(table, PointSelection.OfColumns(["PC3", "PC1"]), [], []).Embedding;
        Assert.That((two.X, two.Y), Is.EqualTo(("PC3", "PC1")));
        Assert.That(two.Coordinates[..4], Is.EqualTo(new[] { 0.1f, 4, -0.2f, -4 }));
        CellEmbedding one = CellTableReader.Read(table, PointSelection.OfColumns(["PC1"]), [], []).Embedding;
        Assert.That(one.Coordinates[..4], Is.EqualTo(new[] { 4f, 0, -4, 0 }), "against zero");
    }
}
