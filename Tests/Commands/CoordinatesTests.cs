using System.Globalization;
using System.Text;
using FlowRatio.Commands.Arguments;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Commands;

/// <summary>The rule of all commands: which coordinates a file gives, what is left out with which reason, and what is refused.</summary>
public sealed class CoordinatesTests
{
    private const int Rows = 20;
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void All_columns_of_numbers_are_taken_and_one_line_says_so()
    {
        using TableFile table = Write("x,y,g", r => $"{Number(r)},{Number(r + 5)},{(r % 2 == 0 ? "A" : "B")}");
        Assert.That(Describe(table), Is.EqualTo(new[] { $"table.csv: {Rows} rows, 2 coordinates (columns x, y)." }));
        Assert.That(Describe(table, elsewhere: "y"), Is.EqualTo(new[] { $"table.csv: {Rows} rows, 1 coordinate (columns x)." }));
    }

    [Test]
    public void Many_columns_are_told_in_short()
    {
        using TableFile table = Write(string.Join(',', Enumerable.Range(0, 2000).Select(j => $"gene{j}")), r => string.Join(',', Enumerable.Repeat(Number(r), 2000)));
        Assert.That(Describe(table).Single(), Does.Contain("2,000 coordinates (columns gene0, gene1, gene2, ..., gene1999 (2,000 in all))"));
    }

    [TestCase("", "r{0}", "The first column has no name")]
    [TestCase("", "{0}", "The first column has no name")]
    [TestCase("Unnamed: 0", "{0}", "Column 'Unnamed: 0' names the rows")]
    [TestCase("id", "{0}", "id (it numbers the rows; --columns takes it)")]
    public void Names_and_numbers_of_rows_are_no_coordinates(string name, string format, string told)
    {
        using TableFile table = Write($"{name},x", r => string.Format(CultureInfo.InvariantCulture, format, r) + $",{Number(r)}");
        Assert.That(Taken(table), Is.EqualTo(new[] { "x" }));
        Assert.That(Describe(table)[1], Does.Contain(told));
    }

    [Test]
    public void Columns_without_a_name_are_none_wherever_they_are()
    {
        using TableFile table = Write(",Unnamed: 0,x,", r => $"{r},{r},{Number(r)},");
        Assert.That(Taken(table), Is.EqualTo(new[] { "x" }));
        Assert.That(Describe(table)[2], Is.EqualTo("Left out of the coordinates: Unnamed: 0 (it has no name)."));
    }

    [Test]
    public void What_looks_like_numbers_is_told_where_it_is_left_out()
    {
        using TableFile table = Write("x,dose,age,day,g", r => $"{Number(r)},{r} mg,{(r % 3 == 0 ? "4" : "NA")},2024-01-0{r % 9},d{r % 2}");
        Assert.That(Taken(table), Is.EqualTo(new[] { "x" }));
        Assert.That(Describe(table)[1], Is.EqualTo("Left out of the coordinates: dose (row 1: '0 mg'), age (row 2: 'NA'), day (row 1: '2024-01-00')."));
    }

    [Test]
    public void A_column_of_which_less_than_half_are_numbers_is_told_too()
    {
        using TableFile table = Write("x,y,g", r => $"{Number(r)},{(r % 3 == 0 ? Number(r) : "n.d.")},{(r == 7 ? "7" : "d")}");
        Assert.That(Taken(table), Is.EqualTo(new[] { "x" }));
        Assert.That(Describe(table)[1], Is.EqualTo("Left out of the coordinates: y (row 2: 'n.d.')."));
    }

    [Test]
    public void Columns_of_an_estimation_are_no_coordinates()
    {
        using TableFile table = Write(
            "x,w_log_ratio,w_log_ratio_se,w_status,w_evaluations,w_overlap_deviation,w_held_out,log_ratio",
            r => $"{Number(r)},{(r == 3 ? "" : Number(r + 1))},{Number(r + 2)},converged,40,,false,{Number(r + 4)}");
        Assert.That(Taken(table), Is.EqualTo(new[] { "x", "log_ratio" }), "the other one has no such company");
        Assert.That(Describe(table)[1], Does.Contain("w_log_ratio (written by flowratio)"));
    }

    [TestCase("1e39")]
    [TestCase("-1e400")]
    public void A_number_that_is_too_large_is_called_so(string text)
    {
        using TableFile table = Write("x,g", r => $"{(r == 6 ? text : Number(r))},A");
        Refuses(table, "row 7", $"'{text}' is not a finite number; it is too large");
    }

    [TestCase("NA")]
    [TestCase("")]
    [TestCase("#DIV/0!")]
    [TestCase("-")]
    [TestCase(" ")]
    [TestCase("1e400")]
    [TestCase("<0.5")]
    [TestCase("inf")]
    [TestCase("5 mg")]
    [TestCase("0,5")]
    [TestCase("1,234.5")]
    public void A_bad_field_in_a_column_of_numbers_is_refused(string text)
    {
        using TableFile table = Write("x,y,g", r => $"{Number(r)},{(r == 6 ? $"\"{text}\"" : Number(r))},A");
        Refuses(table, "table.csv", "row 7", "column 'y'", $"'{text}'", "--columns");
        Assert.That(Coordinates.Of(table, ["x"], null, null, []).Selection.Columns, Is.EqualTo(new[] { "x" }), "the way out");
        Assert.That(Coordinates.Of(table, [], null, null, ["y"]).Selection.Columns, Is.EqualTo(new[] { "x" }), "no matter where it is something else");
    }

    [Test]
    public void Decimal_commas_are_recognised_and_the_option_is_named()
    {
        string path = Path(";x;y;n;g", r => $"r{r};{Comma(r)};{Comma(r + 3)};{1000 + r % 7};A");
        using (var table = TableFile.Open(path))
        {
            Refuses(table, "row 1, column 'x'", "decimal comma", "--decimal ,", "holds of y", "--columns");
        }

        using var read = TableFile.Open(path, ',');
        Assert.That(Taken(read), Is.EqualTo(new[] { "x", "y", "n" }));
    }

    [Test]
    public void Two_decimal_marks_in_one_file_are_refused_by_their_columns()
    {
        string path = Path("x;y", r => $"{Comma(r)};{Number(r)}");
        foreach (char mark in (char[])['.', ','])
        {
            using var table = TableFile.Open(path, mark);
            Refuses(table, "column 'x'", "column 'y'", "one mark");
        }
    }

    [Test]
    public void Thousands_separators_are_not_misread()
    {
        using (TableFile table = Write("x,y", r => $"{Number(r)},\"{r + 1},{100 + r}\""))
        {
            Refuses(table, "column 'y'", "thousands separators");
        }

        using TableFile both = Write("x,y", r => $"{Number(r)},\"{r + 1},{100 + r}.5\"");
        Refuses(both, "column 'y'", "thousands separators");
    }

    [Test]
    public void Patterns_take_what_fits_but_not_what_is_used_otherwise()
    {
        using TableFile table = Write("PC1,m_PC2,PC10,PC*,PCcond", r => $"{Number(r)},1,2,3,A");
        string[] Found(string pattern) => [.. Coordinates.Of(table, [pattern], null, null, ["PCcond"]).Selection.Columns!];
        Assert.That(Found("P*"), Is.EqualTo(new[] { "PC1", "PC10", "PC*" }));
        Assert.That(Found("*PC2"), Is.EqualTo(new[] { "m_PC2" }));
        Assert.That(Found("P*1*"), Is.EqualTo(new[] { "PC1", "PC10" }));
        Assert.That(Found("PC*"), Is.EqualTo(new[] { "PC*" }), "a name as it is comes first");
        Assert.That(() => Found("Q*"), Throws.ArgumentException.With.Message.Contains("--columns").And.Message.Contains("'Q*'"));
    }

    [Test]
    public void A_representation_is_taken_before_columns()
    {
        using TableFile cells = TableFixture.Open("cells.h5ad");
        Assert.That(Describe(cells), Is.EqualTo(new[] { "cells.h5ad: 6 cells, 3 coordinates (representation 'X_pca')." }));
        Assert.That(Describe(cells, first: 2), Is.EqualTo(new[] { "cells.h5ad: 6 cells, 2 coordinates (first 2 coordinates of 'X_pca')." }));
        using TableFile old = TableFixture.Open("latest.h5ad");
        Assert.That(Describe(old), Is.EqualTo(new[] { "latest.h5ad: 3 cells, 2 coordinates (representation 'X')." }));
        using TableFile arrays = TableFixture.Open("stored.npz");
        Refuses(arrays, "--representation", "X (3)", "fortran (2)");
    }

    [Test]
    public void Columns_of_obs_follow_the_same_rules()
    {
        using TableFile table = TableFixture.Open("columns.h5ad");
        Refuses(table, "row 3, column 'b'", "NaN", "7 of the column's 8");
        Assert.That(Describe(table, elsewhere: "b")[1], Does.Contain("number (it numbers the rows; --columns takes it), text (numbers stored as text"));
    }

    [Test]
    public void An_array_that_is_there_is_not_said_to_be_absent()
    {
        using TableFile table = TableFixture.Open("stored.npz");
        Assert.That(
            () => TableNames.RequireColumns(table, ["genes"], "--conditions"), Throws.ArgumentException.With.Message.Contains("--conditions").And.Message.Contains("3 rows"));
        Assert.That(
            () => TableNames.RequirePoints(table, PointSelection.OfRepresentation("seed"), "--representation"),
            Throws.ArgumentException.With.Message.Contains("0 dimensions"));
    }

    private static string Number(int row) => (Math.Sin(row * 1.7) * 2).ToString("F4", CultureInfo.InvariantCulture);

    private static string Comma(int row) => Number(row).Replace('.', ',');

    private static string[] Taken(TableFile table) => [.. Coordinates.Of(table, [], null, null, []).Selection.Columns!];

    private static string[] Describe(TableFile table, int? first = null, params string[] elsewhere) =>
        [.. Coordinates.Of(table, [], null, first, elsewhere).Describe(table)];

    private static void Refuses(TableFile table, params string[] parts)
    {
        Exception exception = Assert.Catch(() => Coordinates.Of(table, [], null, null, []));
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }

    private TableFile Write(string header, Func<int, string> row) => TableFile.Open(Path(header, row));

    private string Path(string header, Func<int, string> row) =>
        folder.Write("table.csv", new StringBuilder(header).Append('\n').AppendJoin('\n', Enumerable.Range(0, Rows).Select(row)).Append('\n').ToString());
}
