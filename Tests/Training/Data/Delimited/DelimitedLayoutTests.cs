using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Delimited;

/// <summary>Row names, lines of comment, separators and decimal commas of text files as R, pandas, numpy and spreadsheets write them.</summary>
public sealed class DelimitedLayoutTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCase("\"\",\"x\",\"g\"\n\"a\",0.5,\"A\"\n\"b\",1.5,\"B\"\n", "row_name", TestName = "write.csv")]
    [TestCase(",x,g\na,0.5,A\nb,1.5,B\n", "row_name", TestName = "to_csv")]
    [TestCase("x,g\na,0.5,A\nb,1.5,B\n", "row_name", TestName = "write.table with commas")]
    [TestCase("x\tg\na\t0.5\tA\nb\t1.5\tB\n", "row_name", TestName = "write.table with tabs")]
    [TestCase("\"x\" \"g\"\n\"a\" 0.5 \"A\"\n\"b\" 1.5 \"B\"\n", "row_name", TestName = "write.table as it is")]
    [TestCase("Unnamed: 0,x,g\na,0.5,A\nb,1.5,B\n", "Unnamed: 0", TestName = "to_csv of what read_csv read")]
    [TestCase("...1,x,g\na,0.5,A\nb,1.5,B\n", "...1", TestName = "readr")]
    [TestCase("X,x,g\na,0.5,A\nb,1.5,B\n", "X", TestName = "write.csv of what read.csv read")]
    [TestCase("rownames,x,g\na,0.5,A\nb,1.5,B\n", "rownames", TestName = "A usual name of row names")]
    public void The_first_field_is_the_name_of_the_row(string text, string name)
    {
        using TableFile table = Parse(text);
        Assert.That(table.IdentifierColumn, Is.EqualTo(name));
        Assert.That(table.ReadColumn(name).ToText(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(table.Columns, Is.EqualTo(name == "row_name" ? new[] { "x", "g" } : [name, "x", "g"]));
        Assert.That(table.ReadColumn("g").ToText(), Is.EqualTo(new[] { "A", "B" }));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x" }));
        Assert.That(table.Remarks, Has.Count.EqualTo(1));
        using RowReader rows = table.OpenRows(PointSelection.OfColumns(["x"]), [name, "g"]);
        Assert.That(rows.ReadBlock(9, out RowBlock? block));
        Assert.That(block!.Points, Is.EqualTo(new[] { 0.5f, 1.5f }));
        Assert.That(block.Columns[0], Is.EqualTo(new[] { "a", "b" }));
        Assert.That(block.Columns[1], Is.EqualTo(new[] { "A", "B" }));
    }

    [TestCase("X,Y\n1,2\n5,1\n", TestName = "Places")]
    [TestCase("index,y\n0.5,2\n1.5,1\n", TestName = "A measured index")]
    [TestCase("id,y\n1,2\n2,1\n", TestName = "A name of its own")]
    public void Other_first_columns_are_columns(string text)
    {
        using TableFile table = Parse(text);
        Assert.That(table.IdentifierColumn, Is.Null);
        Assert.That(table.Remarks, Is.Empty);
    }

    [TestCase("x,g\n1,5,A\n2,7,B\n", TestName = "Decimal commas without quotes")]
    [TestCase("x,g\n0.5,A,\n1.5,B,\n", TestName = "A comma too many")]
    [TestCase("x,g\na,0.5,A\na,1.5,B\n", TestName = "Names that come twice")]
    [TestCase("x,g\na,0.5,A\nb,1.5\n", TestName = "Not in every row")]
    public void A_longer_row_is_not_taken_for_a_named_one(string text)
    {
        using TableFile table = Parse(text);
        TableFormatException exception = Assert.Throws<TableFormatException>(() => _ = table.Rows)!;
        Assert.That(exception.Message, Does.Contain("line 2: 3 fields; the header has 2"));
    }

    [Test]
    public void A_row_name_takes_no_other_columns_name()
    {
        using TableFile table = Parse(",row_name\na,1\n");
        Assert.That(table.IdentifierColumn, Is.EqualTo("row_name_"));
        Assert.That(table.Columns, Is.EqualTo(new[] { "row_name" }));
    }

    [TestCase("# by a tool, v1\n#\n\nx,g\n1,A\n", "2 lines")]
    [TestCase("#one,two\nx,g\n1,A\n", "1 line ")]
    [TestCase("#one\n#two\n,0,1\na,5,6\n", "2 lines")]
    [TestCase("# x,g\n1,A\n", "The header is")]
    [TestCase("#made today\n#x,g\n1,A\n", "1 line ", "The header is")]
    public void Comments_in_front_of_the_header_are_passed_and_told(string text, params string[] told)
    {
        using TableFile table = Parse(text);
        Assert.That(table.Columns, Is.EqualTo(text.Contains(",0,1", StringComparison.Ordinal) ? new[] { "0", "1" } : ["x", "g"]));
        Assert.That(table.Rows, Is.EqualTo(1));
        foreach (string part in told)
        {
            Assert.That(string.Join(' ', table.Remarks), Does.Contain(part));
        }
    }

    [Test]
    public void Lines_are_counted_from_the_first_of_the_file()
    {
        using TableFile table = Parse("# by a tool\n# v1\nx,y\n1,2\n3\n");
        Assert.That(() => _ = table.Rows, Throws.TypeOf<TableFormatException>().With.Message.Contains("line 5"));
    }

    [Test]
    public void Decimal_commas_are_read_where_they_are_asked_for()
    {
        using var table = TableFile.Open(folder.Write("eu.csv", "\"\";\"x\";\"n\";\"g\";\"text\"\n\"1\";0,5;7;0,1;a,b\n\"2\";-1,5e1;8;0,2;c.d\n"), ',');
        Assert.That(table.ReadPoints(PointSelection.OfColumns(["x", "n"])).Points, Is.EqualTo(new[] { 0.5f, 7, -15, 8 }));
        Assert.That(((NumberColumn)table.ReadColumn("g")).Values.ToArray(), Is.EqualTo(new[] { 0.1, 0.2 }));
        Assert.That(table.ReadColumn("g").ToText(), Is.EqualTo(new[] { "0,1", "0,2" }), "as they are written");
        Assert.That(table.ReadColumn("text").ToText(), Is.EqualTo(new[] { "a,b", "c.d" }));
        Assert.That(table.NumericColumns(), Is.EqualTo(new[] { "x", "n", "g" }));
        Assert.That(table.TryParse("0,1", out double value) && value.Equals(0.1));
    }

    [TestCase('.', "0,5", "decimal comma", "--decimal ,")]
    [TestCase('.', "1,234.5", "thousands separators")]
    [TestCase(',', "0.5", "decimal point", "--decimal ,")]
    [TestCase(',', "1.234,5", "thousands separators")]
    public void Numbers_in_another_spelling_are_told_apart(char mark, string text, params string[] parts)
    {
        using var table = TableFile.Open(folder.Write("other.csv", $"x;y\n1;\"{text}\"\n"), mark);
        TableFormatException exception = Assert.Throws<TableFormatException>(() => table.ReadPoints(PointSelection.OfColumns(["y"])))!;
        foreach (string part in parts.Append("row 1, column 'y'").Append($"'{text}'"))
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }

    private TableFile Parse(string text) => TableFile.Open(folder.Write("table.csv", text));
}
