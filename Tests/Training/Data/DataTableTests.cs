using System.Text;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Text tables: what is read, and which message a damaged one gets.</summary>
public sealed class DataTableTests
{
    [Test]
    public void Reads_columns_as_text_and_numbers()
    {
        DataTable table = Parse("label,x,y\na,1,-2.5\nb,1e3,+0.25\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "label", "x", "y" }));
        Assert.That(table.Rows, Is.EqualTo(2));
        Assert.That(table.Text("label"), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(table.Numbers(["y", "x"]), Is.EqualTo(new[] { -2.5f, 1, 0.25f, 1000 }));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x", "y" }));
    }

    [Test]
    public void Quoted_fields_may_hold_delimiters_quotes_and_line_breaks()
    {
        DataTable table = Parse("\"the, label\",x\n\"a, \"\"b\"\"\",1\n\"two\nlines\",\"2\"\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "the, label", "x" }));
        Assert.That(table.Text("the, label"), Is.EqualTo(new[] { "a, \"b\"", "two\nlines" }));
        Assert.That(table.Numbers(["x"]), Is.EqualTo(new[] { 1f, 2f }));
    }

    [TestCase("x,y\r\n1,2\r\n3,4\r\n", TestName = "Line ends of Windows")]
    [TestCase("x,y\n1,2\n3,4", TestName = "No line end after the last row")]
    [TestCase("x,y\n\n1,2\n\n3,4\n\n", TestName = "Empty lines")]
    [TestCase("\uFEFFx,y\n1,2\n3,4\n", TestName = "Byte order mark")]
    public void Reads_the_usual_variants(string text)
    {
        DataTable table = Parse(text);
        Assert.That(table.Columns, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(table.Numbers(["x", "y"]), Is.EqualTo(new[] { 1f, 2f, 3f, 4f }));
    }

    [TestCase("data.csv", ',', false)]
    [TestCase("data.tsv", '\t', false)]
    [TestCase("data.csv.gz", ',', true)]
    [TestCase("data.TSV.GZ", '\t', true)]
    public void Reads_files_by_their_extension(string name, char delimiter, bool gzipped)
    {
        using var folder = new TemporaryFolder();
        string text = $"a{delimiter}b\n1{delimiter}2\n";
        string path = folder.Write(name, gzipped ? TemporaryFolder.Gzip(text) : Encoding.UTF8.GetBytes(text));
        DataTable table = DataTable.Read(path);
        Assert.That(table.Source, Is.EqualTo(path));
        Assert.That(table.Numbers(["a", "b"]), Is.EqualTo(new[] { 1f, 2f }));
    }

    [Test]
    public void A_header_alone_is_a_table_without_rows()
    {
        DataTable table = Parse("x,y\n");
        Assert.That(table.Rows, Is.Zero);
        Assert.That(table.Text("x"), Is.Empty);
        Assert.That(table.Numbers(["x"]), Is.Empty);
    }

    [TestCase("", "empty", TestName = "Empty file")]
    [TestCase("x,y\n1,2\n3\n", "line 3", "1 fields", "2", TestName = "Too few fields")]
    [TestCase("x,y\n1,2,3\n", "line 2", "3 fields", "2", TestName = "Too many fields")]
    [TestCase("x,y,x\n1,2,3\n", "'x'", "twice", TestName = "Duplicate column")]
    [TestCase("x,y\n1,2\n\"3,4\n", "line", TestName = "Unterminated quote")]
    public void A_damaged_table_is_refused_with_source_and_cause(string text, params string[] parts)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Parse(text))!;
        Assert.That(exception.Message, Does.StartWith("memory:"));
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }

    [TestCase("abc")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    [TestCase("1e39")]
    [TestCase("")]
    [TestCase("1;2")]
    public void A_field_that_is_not_a_finite_number_is_named_with_row_column_and_text(string text)
    {
        DataTable table = Parse($"label,x,y\na,1,2\nb,3,\"{text}\"\n");
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => table.Numbers(["x", "y"]))!;
        Assert.That(
            exception.Message, Does.Contain("memory").And.Contain("row 2").And.Contain("column 'y'").And.Contain($"'{text}'"));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void A_missing_column_is_named_and_those_there_are_listed()
    {
        DataTable table = Parse("label,x,y\na,1,2\n");
        foreach (TestDelegate ask in (TestDelegate[])[() => table.Text("z"), () => table.Numbers(["x", "z"])])
        {
            ArgumentException exception = Assert.Throws<ArgumentException>(ask)!;
            Assert.That(exception.Message, Does.Contain("memory").And.Contain("'z'").And.Contain("label, x, y"));
        }
    }

    [Test]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => DataTable.Read(folder.File("none.csv")))!;
        Assert.That(exception.Message, Does.Contain(folder.File("none.csv")));
    }

    [Test]
    public void A_truncated_gzip_file_is_named() =>
        RequireDamaged(TemporaryFolder.Gzip(LongText)[..^4000]);

    [Test]
    public void A_file_that_is_not_compressed_despite_its_name_is_named() =>
        RequireDamaged(Encoding.UTF8.GetBytes(LongText));

    // Random digits, so that the compressed text is long enough to be cut in its middle.
    private static string LongText => "x\n" + string.Join('\n', new RandomData(8).Normal(5000)) + "\n";

    private static void RequireDamaged(byte[] content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("damaged.csv.gz", content);
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => DataTable.Read(path))!;
        Assert.That(exception.Message, Does.StartWith(path).And.Contain("damaged"));
    }

    private static DataTable Parse(string text) => DataTable.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text)), "memory");
}
