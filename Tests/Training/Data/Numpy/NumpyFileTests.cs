using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Numpy;

/// <summary>npy and npz files as numpy writes them, and hostile ones.</summary>
public sealed class NumpyFileTests
{
    // As the script makes it: 4 rows of 3.
    private static readonly float[] Matrix = [.. Enumerable.Range(0, 12).Select(i => (i / 4f) - 1)];

    [TestCase("f4.npy")]
    [TestCase("f8-fortran.npy")]
    [TestCase("f8-big.npy")]
    [TestCase("f2.npy")]
    [TestCase("version2.npy")]
    [TestCase("version3.npy")]
    public void Reads_a_matrix(string name)
    {
        using TableFile file = TableFixture.Open(name);
        Assert.That(file.Representations, Is.EqualTo(new[] { new Representation("array", 3) }));
        Assert.That(file.Columns, Is.Empty);
        Assert.That(file.Rows, Is.EqualTo(4));
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("array")), Is.EqualTo((Matrix, 3)));
    }

    [Test]
    public void Reads_whole_numbers_in_the_other_byte_order_and_order_of_indices()
    {
        using TableFile file = TableFixture.Open("i2-fortran-big.npy");
        Assert.That(
            file.ReadPoints(PointSelection.OfRepresentation("array")).Points, Is.EqualTo(Enumerable.Range(0, 12).Select(i => (float)(i - 4))));
    }

    [Test]
    public void A_list_of_numbers_is_a_column()
    {
        using TableFile file = TableFixture.Open("vector.npy");
        Assert.That(file.Columns, Is.EqualTo(new[] { "array" }));
        Assert.That(file.ReadPoints(PointSelection.OfColumns(["array"])).Points, Is.EqualTo(new float[] { 0, 1, 2, 3 }));
    }

    [TestCase("stored.npz")]
    [TestCase("deflated.npz")]
    public void Reads_an_archive(string name)
    {
        using TableFile file = TableFixture.Open(name);
        Assert.That(file.Rows, Is.EqualTo(4));
        Assert.That(file.Representations, Is.EqualTo(new Representation[] { new("X", 3), new("fortran", 2) }));
        Assert.That(file.Columns, Is.EqualTo(new[] { "group", "bytes", "big_text", "flag", "count", "small", "value" }), "not the genes");
        Assert.That(file.NumericColumns(), Is.EqualTo(new[] { "count", "small" }), "value has one that is missing");
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X")).Points, Is.EqualTo(Matrix));
        Assert.That(
            file.ReadPoints(PointSelection.OfRepresentation("fortran")).Points,
            Is.EqualTo(Enumerable.Range(0, 4).SelectMany(r => Matrix.Skip(3 * r).Take(2))));
        CategoryColumn group = (CategoryColumn)file.ReadColumn("group");
        Assert.That(group.Categories, Is.EqualTo(new[] { "", "a", "b", "ü€" }));
        Assert.That(group.ToText(), Is.EqualTo(new[] { "b", "a", "", "ü€" }));
        Assert.That(file.ReadColumn("bytes").ToText(), Is.EqualTo(new[] { "one", "two", "", "four" }));
        Assert.That(file.ReadColumn("big_text").ToText(), Is.EqualTo(new[] { "x", "yy", "z", "\U0001F600" }));
        Assert.That(((BooleanColumn)file.ReadColumn("flag")).Values.ToArray(), Is.EqualTo(new bool?[] { true, false, true, true }));
        Assert.That(file.ReadColumn("count").ToText(), Is.EqualTo(new[] { "1", "2", "3", "1152921504606846976" }));
        Assert.That(((NumberColumn)file.ReadColumn("small")).Values.ToArray(), Is.EqualTo(new double[] { 1, 2, 3, 255 }));
        Assert.That(((NumberColumn)file.ReadColumn("value")).Values.ToArray(), Is.EqualTo(new[] { 0.5, double.NaN, 2, 3 }));
    }

    [Test]
    public void Reads_archives_of_other_writers()
    {
        using TableFile file = TableFixture.Open("zip64.npz");
        Assert.That(file.ReadPoints(PointSelection.OfRepresentation("X")).Points, Is.EqualTo(Matrix));
        Assert.That(file.ReadColumn("group").ToText()[3], Is.EqualTo("ü€"));
    }

    [Test]
    public void Blocks_of_any_size_give_the_same_rows([Range(1, 5)] int rows, [Values("X", "fortran")] string name)
    {
        using TableFile file = TableFixture.Open("deflated.npz");
        using RowReader reader = file.OpenRows(PointSelection.OfRepresentation(name, 2), ["group", "count"]);
        List<double> points = [];
        List<string?> groups = [];
        while (reader.ReadBlock(rows, out RowBlock? block))
        {
            points.AddRange(block.Points);
            groups.AddRange(block.Columns[0]);
        }

        Assert.That(points, Is.EqualTo(Enumerable.Range(0, 4).SelectMany(r => Matrix.Skip(3 * r).Take(2))));
        Assert.That(groups, Is.EqualTo(new[] { "b", "a", "", "ü€" }));
    }

    [TestCase("objects.npy", "Python objects")]
    [TestCase("records.npy", "records")]
    public void Other_arrays_are_refused_with_advice(string name, string part)
    {
        TableFormatException exception = Assert.Throws<TableFormatException>(() => TableFixture.Open(name))!;
        Assert.That(exception.Message, Does.StartWith(TableFixture.PathOf(name)).And.Contain(part));
    }

    [Test]
    public void What_cannot_be_read_is_named()
    {
        using TableFile file = TableFixture.Open("stored.npz");
        Refuses(() => file.ReadColumn("genes"), "'genes'", "3 rows", "4");
        Refuses(() => file.ReadColumn("seed"), "'seed'", "0 dimensions");
        Refuses(() => file.ReadColumn("none"), "'none'", "group, bytes");
        Refuses(() => file.ReadPoints(PointSelection.OfRepresentation("Y")), "'Y'", "X, fortran");
        Refuses(() => file.ReadPoints(PointSelection.OfColumns(["flag"])), "'flag'", "not hold numbers");
        Refuses(() => file.ReadPoints(PointSelection.OfColumns(["value"])), "row 2", "'value'", "NaN");
    }

    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 3), }", "claims")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807, 9223372036854775807), }", "claims")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808, 3), }", "9223372036854775808")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-4, 3), }", "damaged")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)", "'}'")]
    [TestCase("{'descr': '<f4', 'shape': (2, 3)}", "fortran_order")]
    [TestCase("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", "'descr'")]
    [TestCase("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 3)}", "'<c8'")]
    [TestCase("{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000000,)}", "'<U0'")]
    [TestCase("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)}", "M8")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "Python objects")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}", "truth value")]
    [TestCase("", "damaged")]
    public void A_hostile_header_is_refused(string header, string part)
    {
        using var folder = new TemporaryFolder();
        byte[] text = Encoding.ASCII.GetBytes(header), content = new byte[10 + text.Length + 24];
        ((ReadOnlySpan<byte>)[0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]).CopyTo(content);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(8), (ushort)text.Length);
        text.CopyTo(content, 10);
        string path = folder.Write("a.npy", content);
        Refuses(() => TableFile.Open(path), path, part);
    }

    [Test]
    public void A_damaged_archive_is_noticed_by_its_checksums()
    {
        using var folder = new TemporaryFolder();
        byte[] content = File.ReadAllBytes(TableFixture.PathOf("stored.npz"));

        // A float of X: the value changes, and nothing but the checksum tells.
        int data = content.AsSpan().IndexOf("'shape': (4, 3)"u8);
        data += content.AsSpan(data).IndexOf((byte)'\n') + 5;
        content[data] ^= 1;
        using var file = TableFile.Open(folder.Write("a.npz", content));
        Refuses(() => file.ReadPoints(PointSelection.OfRepresentation("X")), "'X'", "checksum");
    }

    [Test]
    public void An_archive_without_arrays_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.npz");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            archive.CreateEntry("readme.txt");
        }

        Refuses(() => TableFile.Open(path), path, "no arrays");
    }

    private static void Refuses(TestDelegate read, params string[] parts)
    {
        TableFormatException exception = Assert.Throws<TableFormatException>(read)!;
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }
}
