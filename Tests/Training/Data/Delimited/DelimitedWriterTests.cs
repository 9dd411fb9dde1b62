using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Delimited;

/// <summary>Text tables that are written.</summary>
public sealed class DelimitedWriterTests
{
    [TestCase("out.csv")]
    [TestCase("out.tsv")]
    [TestCase("out.csv.gz")]
    public void What_is_written_is_read(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        using (var writer = new DelimitedWriter(path, ["id", "the, value", "single", "count"]))
        {
            writer.Write("a \"b\",\tc\nd");
            writer.Write(0.1 + 0.2);
            writer.Write(0.1f);
            writer.Write(7);
            writer.EndRow();
            writer.Write((string?)null);
            writer.Write(double.NaN);
            writer.Write(float.NaN);
            writer.Write(long.MaxValue);
            writer.EndRow();
            Assert.That(File.Exists(path), Is.False, "absent until it is complete");
            writer.Complete();
        }

        using var table = TableFile.Open(path);
        Assert.That(table.ReadColumn("id").ToText(), Is.EqualTo(new[] { "a \"b\",\tc\nd", null }));
        Assert.That(((NumberColumn)table.ReadColumn("the, value")).Values.ToArray(), Is.EqualTo(new[] { 0.1 + 0.2, double.NaN }));
        Assert.That(table.ReadColumn("single").ToText(), Is.EqualTo(new[] { "0.1", null }));
        Assert.That(table.ReadColumn("count").ToText(), Is.EqualTo(new[] { "7", "9223372036854775807" }));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_file_that_is_not_completed_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("out.csv", "old");
        using (var writer = new DelimitedWriter(path, ["a"]))
        {
            writer.Write("b");
            writer.EndRow();
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_row_of_another_length_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var writer = new DelimitedWriter(folder.File("out.csv"), ["a", "b"]);
        writer.Write("only one");
        Assert.That(writer.EndRow, Throws.InvalidOperationException);
    }
}
