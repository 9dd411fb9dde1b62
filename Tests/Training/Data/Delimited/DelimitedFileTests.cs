using System.Text;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Delimited;

/// <summary>Text tables: what is read, and which message a damaged one gets.</summary>
public sealed class DelimitedFileTests
{
    private TemporaryFolder folder = null!;

    // Random digits, so that the compressed text is long enough to be cut in its middle.
    private static string LongText => "x\n" + string.Join('\n', new RandomData(8).Normal(5000)) + "\n";

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Reads_columns_as_text_and_numbers()
    {
        using TableFile table = Parse("label,x,y\na,1,-2.5\nb,1e3,+0.25\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "label", "x", "y" }));
        Assert.That(table.Rows, Is.EqualTo(2));
        Assert.That(table.ReadColumn("label").ToText(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Points(table, "y", "x"), Is.EqualTo(new[] { -2.5f, 1, 0.25f, 1000 }));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x", "y" }));
        Assert.That(table.Representations, Is.Empty);
        Assert.That(table.IdentifierColumn, Is.Null);
    }

    [Test]
    public void Quoted_fields_may_hold_delimiters_quotes_and_line_breaks()
    {
        using TableFile table = Parse("\"the, label\",x\n\"a, \"\"b\"\"\",1\n\"two\nlines\",\"2\"\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "the, label", "x" }));
        Assert.That(table.ReadColumn("the, label").ToText(), Is.EqualTo(new[] { "a, \"b\"", "two\nlines" }));
        Assert.That(Points(table, "x"), Is.EqualTo(new[] { 1f, 2f }));
    }

    [TestCase("x,y\r\n1,2\r\n3,4\r\n", TestName = "Line ends of Windows")]
    [TestCase("x,y\n1,2\n3,4", TestName = "No line end after the last row")]
    [TestCase("x,y\n\n1,2\n\n3,4\n\n", TestName = "Empty lines")]
    [TestCase("\uFEFFx,y\n1,2\n3,4\n", TestName = "Byte order mark")]
    [TestCase("x;y\n1;2\n3;4\n", TestName = "Semicolons")]
    [TestCase("x\ty\n1\t2\n3\t4\n", TestName = "Tabs in a .csv file")]
    [TestCase("x,y\n 1 , 2\n3,4 \n", TestName = "Spaces around numbers")]
    public void Reads_the_usual_variants(string text)
    {
        using TableFile table = Parse(text);
        Assert.That(table.Columns, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(Points(table, "x", "y"), Is.EqualTo(new[] { 1f, 2f, 3f, 4f }));
    }

    [Test]
    public void A_semicolon_inside_quotes_separates_nothing()
    {
        using TableFile table = Parse("\"a;b,c\"\n\"1\"\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "a;b,c" }));
    }

    [TestCase("data.csv", ',', false)]
    [TestCase("data.tsv", '\t', false)]
    [TestCase("data.csv.gz", ',', true)]
    [TestCase("data.TSV.GZ", '\t', true)]
    public void Reads_files_by_their_extension(string name, char delimiter, bool gzipped)
    {
        string text = $"a{delimiter}b\n1{delimiter}2\n";
        string path = folder.Write(name, gzipped ? TemporaryFolder.Gzip(text) : Encoding.UTF8.GetBytes(text));
        using var table = TableFile.Open(path);
        Assert.That(table.Path, Is.EqualTo(path));
        Assert.That(Points(table, "a", "b"), Is.EqualTo(new[] { 1f, 2f }));
    }

    [Test]
    public void A_gzip_file_may_have_several_members()
    {
        string path = folder.Write("two.csv.gz", [.. TemporaryFolder.Gzip("x\n1\n"), .. TemporaryFolder.Gzip("2\n")]);
        using var table = TableFile.Open(path);
        Assert.That(Points(table, "x"), Is.EqualTo(new[] { 1f, 2f }));
    }

    [Test]
    public void A_header_alone_is_a_table_without_rows()
    {
        using TableFile table = Parse("x,y\n");
        Assert.That(table.Rows, Is.Zero);
        Assert.That(table.ReadColumn("x").ToText(), Is.Empty);
        Assert.That(Points(table, "x"), Is.Empty);
    }

    [Test]
    public void A_column_without_a_name_is_called_after_its_position()
    {
        using TableFile table = Parse("x,, \n1,a,\n");
        Assert.That(table.Columns, Is.EqualTo(new[] { "x", "unnamed column 2", "unnamed column 3" }));
        Assert.That(table.ReadColumn("unnamed column 2").ToText(), Is.EqualTo(new[] { "a" }));
        Assert.That(table.IdentifierColumn, Is.Null);
    }

    [Test]
    public void The_kind_of_a_column_is_that_of_its_fields()
    {
        using TableFile table = Parse("number,truth,text,day,nothing\n1.5,True,b,10,\nNA,False,,9,NA\n-inf,,a,01,nan\n");
        IReadOnlyList<TableColumn> columns = table.ReadColumns(["day", "number", "truth", "text", "nothing"]);
        Assert.That(((NumberColumn)columns[1]).Values.ToArray(), Is.EqualTo(new[] { 1.5, double.NaN, double.NegativeInfinity }));
        Assert.That(((BooleanColumn)columns[2]).Values.ToArray(), Is.EqualTo(new bool?[] { true, false, null }));
        Assert.That(columns[3].ToText(), Is.EqualTo(new[] { "b", null, "a" }));
        Assert.That(((CategoryColumn)columns[3]).Categories, Is.EqualTo(new[] { "a", "b" }), "in ordinal order");
        Assert.That(((NumberColumn)columns[4]).Values.ToArray(), Is.All.NaN);

        // Days are numbers and conditions: as categories they keep their spelling and are in numeric order.
        CategoryColumn days = columns[0].ToCategories();
        Assert.That(days.Categories, Is.EqualTo(new[] { "01", "9", "10" }));
        Assert.That(days.Codes.ToArray(), Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(days.Count(), Is.EqualTo(new[] { 1, 1, 1 }));
    }

    [Test]
    public void Rows_come_in_blocks_with_the_text_asked_for()
    {
        using TableFile table = Parse("id,x,group\na,1,g\nb,2,NA\nc,3,h\n");
        using RowReader rows = table.OpenRows(PointSelection.OfColumns(["x"]), ["group", "id"]);
        Assert.That(rows.ReadBlock(2, out RowBlock? block));
        Assert.That(block!.Points, Is.EqualTo(new[] { 1f, 2f }));
        Assert.That(block.Columns[0], Is.EqualTo(new[] { "g", null }));
        Assert.That(block.Columns[1], Is.EqualTo(new[] { "a", "b" }));
        Assert.That(rows.ReadBlock(2, out block));
        Assert.That((block!.FirstRow, block.Rows), Is.EqualTo((2, 1)));
        Assert.That(block.Points, Is.EqualTo(new[] { 3f }));
        Assert.That(rows.ReadBlock(2, out _), Is.False);
    }

    [TestCase("", "empty", TestName = "Empty file")]
    [TestCase("x,y\n1,2\n3\n", "line 3", "1 fields", "2", TestName = "Too few fields")]
    [TestCase("x,y\n1,2,3\n", "line 2", "3 fields", "2", TestName = "Too many fields")]
    [TestCase("x,y,x\n1,2,3\n", "'x'", "twice", TestName = "Duplicate column")]
    [TestCase("x,y\n1,2\n\"3,4\n", "line", TestName = "Unterminated quote")]
    [TestCase("x,y\n1,2\n3,\0\n", "line 3", "column 'y'", "zero byte", TestName = "A zero byte")]
    public void A_damaged_table_is_refused_with_file_place_and_cause(string text, params string[] parts) =>
        RequireRefused(folder.Write("damaged.csv", text), parts);

    [Test]
    public void Bytes_that_are_not_UTF8_are_refused_with_line_and_column() =>
        RequireRefused(folder.Write("latin.csv", Encoding.Latin1.GetBytes("name,x\nMüller,1\n")), "line 2", "column 'name'", "UTF-8");

    [Test]
    public void UTF16_is_refused() =>
        RequireRefused(folder.Write("wide.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("x\n1\n")]), "UTF-16");

    [TestCase("abc")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    [TestCase("1e39")]
    [TestCase("")]
    [TestCase("1;2")]
    [TestCase("1,5")]
    public void A_coordinate_that_is_not_a_finite_number_is_named_with_row_column_and_text(string text)
    {
        using TableFile table = Parse($"label,x,y\na,1,2\nb,3,\"{text}\"\n");
        TableFormatException exception = Assert.Throws<TableFormatException>(() => Points(table, "x", "y"))!;
        Assert.That(
            exception.Message, Does.Contain(table.Path).And.Contain("row 2").And.Contain("column 'y'").And.Contain($"'{text}'"));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void A_missing_column_is_named_and_those_there_are_listed()
    {
        using TableFile table = Parse("label,x,y\na,1,2\n");
        foreach (TestDelegate ask in (TestDelegate[])[() => table.ReadColumn("z"), () => Points(table, "x", "z")])
        {
            TableFormatException exception = Assert.Throws<TableFormatException>(ask)!;
            Assert.That(exception.Message, Does.Contain(table.Path).And.Contain("'z'").And.Contain("label, x, y"));
        }
    }

    [Test]
    public void A_text_file_has_no_representation()
    {
        using TableFile table = Parse("x\n1\n");
        TableFormatException exception =
            Assert.Throws<TableFormatException>(() => table.OpenRows(PointSelection.OfRepresentation("X_pca"), []))!;
        Assert.That(exception.Message, Does.Contain("'X_pca'").And.Contain("columns only"));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => TableFile.Open(folder.File("none.csv")))!;
        Assert.That(exception.Message, Does.Contain(folder.File("none.csv")));
    }

    [TestCase(4000)]
    [TestCase(8)]
    [TestCase(4)]
    [TestCase(1)]
    public void A_truncated_gzip_file_is_refused(int missing) =>
        RequireRefused(folder.Write("damaged.csv.gz", TemporaryFolder.Gzip(LongText)[..^missing]), "damaged");

    [Test]
    public void A_truncated_last_member_is_refused() =>
        RequireRefused(folder.Write("damaged.csv.gz", [.. TemporaryFolder.Gzip(LongText), .. TemporaryFolder.Gzip("1\n")[..^3]]), "damaged");

    [Test]
    public void A_file_that_is_not_compressed_despite_its_name_is_refused() =>
        RequireRefused(folder.Write("damaged.csv.gz", LongText), "damaged");

    private static void RequireRefused(string path, params string[] parts)
    {
        TableFormatException exception = Assert.Throws<TableFormatException>(() =>
        {
            using var table = TableFile.Open(path);
            _ = table.Rows;
        })!;
        Assert.That(exception.Message, Does.StartWith($"{path}: "));
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }

    private static float[] Points(TableFile table, params string[] columns) => table.ReadPoints(PointSelection.OfColumns(columns)).Points;

    private TableFile Parse(string text) => TableFile.Open(folder.Write("table.csv", text));
}
