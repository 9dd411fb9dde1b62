using System.Globalization;
using System.Text;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Cli;

/// <summary>A table with row names and decimal commas, from its training to its ratios.</summary>
public sealed class TableReadingTests
{
    private static readonly string[] Tiny = ["--steps", "60", "--width", "8", "--layers", "1", "--threads", "1", "--base", "none", "--raw"];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Row_names_reach_the_output_and_are_no_coordinates()
    {
        string data = Write("cells.csv", ",", '.'), model = folder.File("m.flow"), output = folder.File("out.tsv");
        ToolRun train = ToolRun.Of(["train", data, "-o", model, "--conditions", "group", .. Tiny]).Succeeds();
        Assert.That(train.Error, Does.Contain("cells.csv: 200 rows, 2 coordinates (columns PC1, PC2).").And.Contain("no name"));
        ToolRun ratio = ToolRun.Of("ratio", model, data, "--numerator", "group=B", "--denominator", "group=A", "-o", output, "--columns", "PC*", "--steps", "2").Succeeds();
        Assert.That(ratio.Error, Does.Contain("cells.csv: 200 rows, 2 coordinates (columns PC1, PC2)."));
        using TableFile written = TableFile.Open(output);
        Assert.That(written.ReadColumn("row_name").ToText().Take(3), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test]
    public void Decimal_commas_give_the_model_of_decimal_points()
    {
        string points = Write("cells.csv", ",", '.'), commas = Write("cells-eu.csv", ";", ','), one = folder.File("1.flow"), two = folder.File("2.flow");
        ToolRun.Of("train", commas, "-o", two, "--conditions", "group").Refuses("cells-eu.csv", "'PC1'", "--decimal ,");
        ToolRun.Of("train", commas, "-o", two, "--conditions", "group", "--decimal", ";").Refuses("--decimal is ';'");
        ToolRun.Of("train", commas, "-o", two, "--continuous", "PC1", "--columns", "PC2").Refuses("'PC1'", "decimal comma");
        ToolRun.Of(["train", points, "-o", one, "--conditions", "group", .. Tiny]).Succeeds();
        ToolRun train = ToolRun.Of(["train", commas, "-o", two, "--conditions", "group", "--decimal", ",", .. Tiny]).Succeeds();
        Assert.That(train.Error, Does.Contain("--decimal ,"), "in the next command");
        string[] Ratio(string model, string data, params string[] more)
        {
            ToolRun.Of(["ratio", model, data, "--numerator", "group=B", "--denominator", "group=A", "-o", folder.File("out.csv"), "--steps", "2", .. more]).Succeeds();
            return File.ReadAllLines(folder.File("out.csv"));
        }

        Assert.That(Ratio(two, commas, "--decimal", ","), Is.EqualTo(Ratio(one, points)));
        ToolRun.Of("ratio", two, commas, "--numerator", "group=B", "--denominator", "group=A", "-o", folder.File("r.csv")).Refuses("'PC1'", "--decimal ,");
    }

    [Test]
    public void Columns_in_another_order_are_taken_in_that_of_the_training()
    {
        string data = Write("cells.csv", ",", '.'), model = folder.File("m.flow");
        ToolRun.Of(["train", data, "-o", model, "--conditions", "group", "--columns", "PC2,PC1", .. Tiny]).Succeeds();
        ToolRun ratio = ToolRun.Of(
            "ratio", model, data, "--numerator", "group=B", "--denominator", "group=A", "-o", folder.File("r.csv"), "--columns", "PC*", "--steps", "2").Succeeds();
        Assert.That(ratio.Error, Does.Contain("(columns PC2, PC1)"));
    }

    [Test]
    public void Records_of_an_old_anndata_are_named_with_the_way_out()
    {
        TableFixture.RequireHdf5();
        ToolRun.Of("train", TableFixture.PathOf("cells-records.h5ad"), "-o", folder.File("m.flow"), "--conditions", "group").Refuses("anndata before 0.7", "write_h5ad");
    }

    /// <summary>A table as R writes it, in the order of its groups.</summary>
    private string Write(string name, string separator, char mark)
    {
        float[] noise = new RandomData(5).Normal(400);
        var text = new StringBuilder(string.Join(separator, "\"\"", "\"PC1\"", "\"PC2\"", "\"group\"")).Append('\n');
        for (int r = 0; r < 200; r++)
        {
            string Number(float value) => value.ToString("F4", CultureInfo.InvariantCulture).Replace('.', mark);
            text.AppendJoin(separator, $"\"{r + 1}\"", Number(noise[2 * r] + (r < 100 ? 0 : 1)), Number(noise[(2 * r) + 1]), r < 100 ? "\"A\"" : "\"B\"").Append('\n');
        }

        return folder.Write(name, text.ToString());
    }
}
