using System.IO.Compression;
using System.Text;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Tables;

/// <summary>What a file or folder of another format is called, and which way out is named.</summary>
public sealed class FormatAdviceTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCase("x.parquet", "Parquet", "read_parquet")]
    [TestCase("x.mtx.gz", "sparse matrix", "read_10x_mtx")]
    [TestCase("x.rds", "R object", "readRDS")]
    [TestCase("x.RData", "R objects", "write.csv")]
    [TestCase("x.xlsx", "spreadsheet", "CSV")]
    [TestCase("x.loom", "loom", "write_h5ad")]
    [TestCase("x.pkl", "pickle", "run code")]
    [TestCase("x.csv.bz2", "compressed", "unpack")]
    [TestCase("x.h5ad.gz", "compressed", "gunzip x.h5ad.gz")]
    [TestCase("x.docx", "not known", ".csv")]
    public void A_file_is_named_by_its_extension(string name, params string[] parts) => Refuses(folder.Write(name, "text"), parts);

    [TestCase("PAR1", "Parquet")]
    [TestCase("%%MatrixMarket matrix coordinate", "sparse matrix")]
    [TestCase("ARROW1", "Arrow")]
    public void A_file_is_named_by_its_content(string content, string part) => Refuses(folder.Write("x.csv", content), part);

    [TestCase("z.zip", "cells.csv", "zip archive", "cells.csv", "unpack")]
    [TestCase("z.csv", "cells.csv", "zip archive", "unpack")]
    [TestCase("z.zarr.zip", ".zgroup", "zarr", "'")]
    [TestCase("z.zip", "store/zarr.json", "zarr", "write_h5ad")]
    [TestCase("z.csv", "xl/workbook.xml", "spreadsheet")]
    public void An_archive_is_named_by_what_is_in_it(string name, string entry, params string[] parts)
    {
        using (ZipArchive archive = ZipFile.Open(folder.File(name), ZipArchiveMode.Create))
        {
            archive.CreateEntry(entry);
        }

        Refuses(folder.File(name), parts);
    }

    [Test]
    public void An_archive_of_arrays_may_have_any_name()
    {
        string path = folder.Write("arrays.zip", File.ReadAllBytes(TableFixture.PathOf("stored.npz")));
        using var table = TableFile.Open(path);
        Assert.That(table.Rows, Is.EqualTo(4));
    }

    [TestCase("cells.zarr", "", "zarr", "write_h5ad")]
    [TestCase("store", ".zattrs", "zarr", "write_h5ad")]
    [TestCase("filtered", "matrix.mtx.gz", "read_10x_mtx")]
    [TestCase("other", "", "is a folder")]
    public void A_folder_is_no_missing_file(string name, string file, params string[] parts)
    {
        Directory.CreateDirectory(folder.File(name));
        if (file.Length > 0)
        {
            File.WriteAllText(Path.Combine(folder.File(name), file), "{}");
        }

        Refuses(folder.File(name), parts);
        Refuses(folder.File(name) + Path.DirectorySeparatorChar, parts);
    }

    [Test]
    public void A_decimal_comma_is_for_text()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => TableFile.Open(TableFixture.PathOf("f4.npy"), ','))!;
        Assert.That(exception.Message, Does.Contain("f4.npy").And.Contain("text files"));
        Assert.That(() => TableFile.Open(folder.Write("a.csv", Encoding.UTF8.GetBytes("x\n1\n")), ';'), Throws.ArgumentException.With.Message.Contains("';'"));
    }

    private static void Refuses(string path, params string[] parts)
    {
        TableFormatException exception = Assert.Throws<TableFormatException>(() => TableFile.Open(path))!;
        Assert.That(exception.Message, Does.StartWith(path));
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }
}
