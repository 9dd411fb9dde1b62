using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.AnnData;

/// <summary>h5ad files as anndata and h5py write them, and one of real cells.</summary>
public sealed class H5adFileTests
{
    private const string RealData = "shared/data/pbmc68k_reduced/10x_pbmc68k_reduced.h5ad";
    private const string RealTable = "shared/data/pbmc68k_reduced/pbmc68k_reduced_pca50.csv";

    // As the script makes them: 4 columns, a half apart.
    private static readonly float[] Points = [.. Enumerable.Range(0, 24).Select(i => (i * 0.5f) - 3)];

    [Test]
    public void Lists_what_a_file_has()
    {
        using TableFile file = TableFixture.Open("cells.h5ad");
        Assert.That(file.Rows, Is.EqualTo(6));
        Assert.That(
            file.Columns,
            Is.EqualTo(new[] { "group", "level", "text", "count", "identity", "score", "weight", "flag", "maybe", "whole" }));
        Assert.That(file.IdentifierColumn, Is.EqualTo("barcode"));
        Assert.That(
            file.Representations,
            Is.EquivalentTo(new Representation[]
            {
                new("X", 4), new("X_pca", 3), new("X_sparse", 5), new("frame", 2), new("layers/counts", 4), new("layers/by_columns", 4), new("raw/X", 4),
            }),
            "a frame of text is no representation");
        Assert.That(file.NumericColumns(), Is.EqualTo(new[] { "count", "identity", "score" }), "weight and whole have a missing value");
    }

    [Test]
    public void Reads_columns_of_every_kind()
    {
        using TableFile file = TableFixture.Open("cells.h5ad");
        CategoryColumn group = (CategoryColumn)file.ReadColumn("group");
        Assert.That(group.Categories, Is.EqualTo(new[] { "b", "a", "c ü", "unused" }), "as declared");
        Assert.That(group.ToText(), Is.EqualTo(new[] { "b", "a", null, "a", "b", "c ü" }));
        Assert.That(group.Count(), Is.EqualTo(new[] { 2, 2, 1, 0 }));
        Assert.That(((CategoryColumn)file.ReadColumn("level")).Categories, Is.EqualTo(new[] { "1", "2", "3" }));
        Assert.That(file.ReadColumn("text").ToText(), Is.EqualTo(new[] { "x", "y", "z", "x", "", "ü" }));
        NumberColumn count = (NumberColumn)file.ReadColumn("count");
        Assert.That(count.Values.ToArray(), Is.EqualTo(new double[] { 0, -1, 1L << 40, 3, 4, 5 }));
        Assert.That(count.Storage, Is.EqualTo(NumberStorage.Whole));
        Assert.That(count.ToCategories().Categories, Is.EqualTo(new[] { "-1", "0", "3", "4", "5", "1099511627776" }), "in numeric order");
        Assert.That(
            file.ReadColumn("identity").ToText()[^1],
            Is.EqualTo("1152921504606846981"),
            "a number that float64 does not hold is a label");
        NumberColumn score = (NumberColumn)file.ReadColumn("score");
        Assert.That(score.Values[0], Is.EqualTo((double)0.1f));
        Assert.That(score.ToText()[0], Is.EqualTo("0.1"), "as the float32 that it is");
        Assert.That(((NumberColumn)file.ReadColumn("weight")).Values.ToArray(), Is.EqualTo(new[] { 1, double.NaN, 3, 4, 5, 6 }));
        Assert.That(((BooleanColumn)file.ReadColumn("flag")).Values.ToArray(), Is.EqualTo(new bool?[] { true, false, true, true, false, false }));
        Assert.That(((BooleanColumn)file.ReadColumn("maybe")).Values.ToArray(), Is.EqualTo(new bool?[] { true, null, false, true, null, false }));
        Assert.That(file.ReadColumn("maybe").ToCategories().Categories, Is.EqualTo(new[] { "False", "True" }));
        Assert.That(file.ReadColumn("whole").ToText(), Is.EqualTo(new[] { "1", "2", null, "4", "5", "6" }));
        Assert.That(file.ReadColumn("barcode").ToText(), Is.EqualTo(new[] { "cell-0", "cell-1", "cell-2", "cell-3", "cell-4", "cell-ü" }));
    }

    [TestCase("X")]
    [TestCase("raw/X")]
    [TestCase("layers/counts")]
    public void Reads_dense_and_sparse_matrices(string name)
    {
        using TableFile file = TableFixture.Open("cells.h5ad");
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation(name)), Is.EqualTo((Points, 4)));
    }

    [Test]
    public void Reads_the_first_coordinates_in_blocks_of_any_size([Range(1, 7)] int rows, [Values("X", "X_sparse", "frame")] string name)
    {
        using TableFile file = TableFixture.Open("cells.h5ad");
        float[] all = file.ReadPoints(PointSelection.OfRepresentation(name)).Points;
        int dimension = all.Length / 6;
        using RowReader reader = file.OpenRows(PointSelection.OfRepresentation(name, 2), ["group", "barcode", "score"]);
        List<double> points = [];
        List<string?> groups = [], names = [], scores = [];
        while (reader.ReadBlock(rows, out RowBlock? block))
        {
            Assert.That(block.FirstRow, Is.EqualTo(points.Count / 2));
            Assert.That(block.Rows, Is.LessThanOrEqualTo(rows));
            points.AddRange(block.Points);
            groups.AddRange(block.Columns[0]);
            names.AddRange(block.Columns[1]);
            scores.AddRange(block.Columns[2]);
        }

        Assert.That(points, Is.EqualTo(Enumerable.Range(0, 6).SelectMany(r => all.Skip(r * dimension).Take(2))));
        Assert.That(groups, Is.EqualTo(file.ReadColumn("group").ToText()));
        Assert.That(names, Is.EqualTo(file.ReadColumn("barcode").ToText()));
        Assert.That(scores, Is.EqualTo(file.ReadColumn("score").ToText()));
    }

    [Test]
    public void Reads_columns_and_frames_as_coordinates()
    {
        using TableFile file = TableFixture.Open("cells.h5ad");
        Assert.That(file.ReadPoints(PointSelection.OfColumns(["score", "count"])).Points.Take(4), Is.EqualTo(new[] { 0.1f, 0, 1.5f, -1 }));
        Assert.That(
            file.ReadPoints(PointSelection.OfRepresentation("frame")).Points,
            Is.EqualTo(Enumerable.Range(0, 6).SelectMany(r => (float[])[1.5f * r, r])));
        float[] expected = new float[30];
        for (int i = 0; i < 30; i += 3)
        {
            expected[i] = i;
        }

        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X_sparse")).Points, Is.EqualTo(expected));
    }

    [Test]
    public void Reads_the_layout_of_anndata_0_7()
    {
        using TableFile file = TableFixture.Open("cells-old.h5ad");
        Assert.That(file.Columns, Is.EqualTo(new[] { "group", "count" }));
        Assert.That(((CategoryColumn)file.ReadColumn("group")).ToText(), Is.EqualTo(new[] { "b", "a", null, "a", "b", "b" }));
        Assert.That(file.ReadColumn("index").ToText()[5], Is.EqualTo("cell-ü"));
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X")).Points, Is.EqualTo(Points), "float64, most significant byte first");
        using RowReader rows = file.OpenRows(PointSelection.OfRepresentation("X"), []);
        List<double> pieces = [];
        while (rows.ReadBlock(1, out RowBlock? block))
        {
            pieces.AddRange(block.Points);
        }

        Assert.That(pieces, Is.EqualTo(Points), "blocks smaller than a chunk");
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("layers/older")).Points, Is.EqualTo(Points));
    }

    [Test]
    public void Reads_every_width_and_byte_order(
        [Values("little-", "big-")] string order, [Values("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")] string type)
    {
        using TableFile file = TableFixture.Open("types.h5ad");
        Assert.That(((NumberColumn)file.ReadColumn(order + type)).Values.ToArray(), Is.EqualTo(new double[] { 1, 2, 100 }));
        Assert.That(file.ReadColumn(order + type).ToText(), Is.EqualTo(new[] { "1", "2", "100" }));
    }

    [TestCase("variable-utf8", "one", "", "drei ü")]
    [TestCase("variable-ascii", "one", "", "three")]
    [TestCase("fixed-utf8", "one", "", "drei ü")]
    [TestCase("fixed-ascii", "one", "", "three")]
    [TestCase("fixed-spaces", "one", "", "a b")]
    [TestCase("nullable-text", "one", null, "drei ü")]
    public void Reads_every_kind_of_text(string column, params string?[] expected)
    {
        using TableFile file = TableFixture.Open("types.h5ad");
        Assert.That(file.ReadColumn(column).ToText(), Is.EqualTo(expected));
    }

    [Test]
    public void Reads_the_newest_structures_of_HDF5()
    {
        using TableFile file = TableFixture.Open("latest.h5ad");
        Assert.That(file.Columns, Is.EqualTo(Enumerable.Range(0, 12).Select(i => $"column-{i}")));
        Assert.That(file.ReadColumn("column-7").ToText(), Is.EqualTo(new[] { "column-7-0", "column-7-1", "column-7-2" }));
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X")).Points, Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void Reads_half_precision_and_whole_numbers_as_points()
    {
        using TableFile file = TableFixture.Open("types.h5ad");
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X_half")).Points, Is.EqualTo(new[] { 1, 2, 3, 4, 5, 6.5f }));
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X_big")).Points, Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void What_cannot_be_read_is_named_with_file_place_and_cause()
    {
        using TableFile cells = TableFixture.Open("cells.h5ad");
        Refuses(cells, () => cells.ReadColumn("grupp"), "'grupp'", "group, level");
        Refuses(cells, () => cells.ReadPoints(PointSelection.OfRepresentation("X_umap")), "'X_umap'", "X_pca");
        Refuses(cells, () => cells.ReadPoints(PointSelection.OfRepresentation("X_pca", 4)), "'X_pca'", "3 coordinates", "4");
        Refuses(cells, () => cells.ReadPoints(PointSelection.OfRepresentation("layers/by_columns")), "'layers/by_columns'", "csc");
        Refuses(cells, () => cells.ReadPoints(PointSelection.OfColumns(["score", "text"])), "'text'", "not hold numbers");
        Refuses(cells, () => cells.ReadPoints(PointSelection.OfColumns(["weight"])), "row 2", "'weight'", "NaN");
        using TableFile types = TableFixture.Open("types.h5ad");
        Refuses(types, () => types.ReadPoints(PointSelection.OfRepresentation("X_nan")), "row 2", "'X_nan', coordinate 2", "NaN");
        Refuses(types, () => types.ReadPoints(PointSelection.OfRepresentation("X_records")), "'X_records'", "records");
        Refuses(types, () => types.ReadPoints(PointSelection.OfRepresentation("X_short")), "'X_short'", "1 rows", "3");
    }

    [Test]
    public void A_file_that_is_no_h5ad_is_refused()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        foreach ((string content, string part) in ((string, string)[])[("", "empty"), ("not HDF5", "not what the extension says"), ("\u0089HDF\r\n\u001a\n", "not what")])
        {
            string path = folder.Write("a.h5ad", content);
            TableFormatException exception = Assert.Throws<TableFormatException>(() => TableFile.Open(path))!;
            Assert.That(exception.Message, Does.StartWith(path).And.Contain(part));
        }

        string cut = folder.Write("cut.h5ad", File.ReadAllBytes(TableFixture.PathOf("cells.h5ad"))[..2000]);
        TableFormatException truncated = Assert.Throws<TableFormatException>(() => TableFile.Open(cut))!;
        Assert.That(truncated.Message, Does.StartWith(cut).And.Contain("truncated"));
    }

    [Test]
    public void Real_cells_agree_with_the_table_made_of_them_elsewhere()
    {
        TableFixture.RequireHdf5();
        using var cells = TableFile.Open(TableFixture.RequireShared(RealData));
        using var table = TableFile.Open(TableFixture.RequireShared(RealTable));
        Assert.That(cells.Rows, Is.EqualTo(700));
        Assert.That(cells.Representations, Does.Contain(new Representation("X", 765)).And.Contain(new Representation("X_umap", 2)));
        Assert.That(((CategoryColumn)cells.ReadColumn("bulk_labels")).Categories, Has.Count.EqualTo(10));
        (float[] points, int dimension) = cells.ReadPoints(PointSelection.OfRepresentation("X_pca"));
        string[] columns = [.. table.Columns.Where(name => name.StartsWith("PC", StringComparison.Ordinal))];
        Assert.That(dimension, Is.EqualTo(columns.Length));

        // The table has five decimals.
        Assert.That(points, Is.EqualTo(table.ReadPoints(PointSelection.OfColumns(columns)).Points).Within(1e-5));
        Assert.That(cells.ReadPoints(PointSelection.OfRepresentation("raw/X")).Points.Count(value => value != 0), Is.EqualTo(174_400));
    }

    private static void Refuses(TableFile file, TestDelegate read, params string[] parts)
    {
        TableFormatException exception = Assert.Throws<TableFormatException>(read)!;
        Assert.That(exception.Message, Does.StartWith(file.Path));
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }
}
