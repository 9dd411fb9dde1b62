using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Cli;

/// <summary><c>train</c> and <c>ratio</c> at their defaults: log-ratios that held-out labels support.</summary>
public sealed class StackedRatioTests
{
    private TemporaryFolder folder = null!;
    private string data = null!;
    private string model = null!;

    [OneTimeSetUp]
    public void Train()
    {
        folder = new TemporaryFolder();
        data = SmallTable.Write(folder, rows: 240);
        model = folder.File("m.flow");
        ToolRun run = ToolRun.Of(["train", data, "-o", model, "--conditions", "group", "--columns", "x,y", .. SmallTable.Stacked]).Succeeds();
        Assert.That(run.Output, Does.Contain("held-out log-loss").And.Contain("by guessing").And.Contain("linear").And.Contain("slope"));
        Assert.That(run.Error, Does.Contain("nats better known than by guessing"));
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Ratios_have_intervals_and_own_rows_are_scored_as_new()
    {
        string output = folder.File("r.csv");
        ToolRun run = Ratio(data, output, "--report", folder.File("r.html")).Succeeds();
        Assert.That(run.Error, Does.Contain("240 rows were trained on"));
        using TableFile table = TableFile.Open(output);
        Assert.That(
            table.Columns,
            Is.EqualTo((string[])["row", "log_ratio", "log_ratio_se", "log_ratio_low", "log_ratio_high", "status", "evaluations", "overlap_disagreement", "overlap_deviation", "held_out"]));
        double[] Numbers(string name) => ((NumberColumn)table.ReadColumn(name)).Values.ToArray();
        double[] values = Numbers("log_ratio"), low = Numbers("log_ratio_low"), high = Numbers("log_ratio_high");
        Assert.That(Enumerable.Range(0, 240).All(r => low[r] < values[r] && values[r] < high[r]));
        Assert.That(run.Output, Does.Contain("cross-fitted stack").And.Contain("AUC"));
        Assert.That(File.ReadAllText(folder.File("r.html")), Does.Contain("cross-fitted stack").And.Contain("nats better known than by guessing").And.Not.Contain("divergence probes"));
    }

    [Test]
    public void Labels_of_scored_rows_and_their_company_do_not_matter()
    {
        string[] lines = File.ReadAllLines(data);
        Ratio(data, folder.File("all.csv")).Succeeds();
        string[] expected = Estimates(folder.File("all.csv"));

        // Labels permuted; labels removed; a few rows alone.
        string swapped = string.Join('\n', lines.Select(line => line.Replace("treated", "t", StringComparison.Ordinal)
            .Replace("control", "treated", StringComparison.Ordinal).Replace(",t,", ",control,", StringComparison.Ordinal)));
        string removed = string.Join('\n', lines.Select(line => string.Join(',', line.Split(',').Where((_, i) => i != 1))));
        string few = string.Join('\n', lines.Take(9));
        foreach ((string name, string text) in ((string, string)[])[("swapped", swapped), ("removed", removed), ("few", few)])
        {
            string output = folder.File($"{name}.out.csv");
            Ratio(folder.Write($"{name}.csv", text + "\n"), output).Succeeds();
            string[] found = Estimates(output);
            Assert.That(found, Is.EqualTo(expected.Take(found.Length)), name);
        }
    }

    [Test]
    public void The_flow_s_own_ratio_is_an_option_away()
    {
        string output = folder.File("raw.csv");
        ToolRun run = Ratio(data, output, "--raw", "--steps", "4").Succeeds();
        Assert.That(run.Output, Does.Contain("4 steps"));
        Assert.That(File.ReadLines(output).First(), Does.Not.Contain("log_ratio_low"));
        Ratio(data, output, "--steps", "4").Refuses("--steps", "--raw");
    }

    [Test]
    public void A_finished_model_is_not_passed_over_when_other_log_ratios_are_asked_for()
    {
        string[] again = ["train", data, "-o", model, "--conditions", "group", "--columns", "x,y", .. SmallTable.Stacked, "--resume"];
        Assert.That(ToolRun.Of(again).Succeeds().Error, Does.Contain("nothing to resume"));
        ToolRun.Of([.. again, "--raw"]).Refuses("holds log-ratios beside the flow");
    }

    [Test]
    public void Info_says_what_is_stored()
    {
        ToolRun run = ToolRun.Of("info", model).Succeeds();
        Assert.That(run.Output, Does.Contain("240 rows stored"));
    }

    [Test]
    public void Where_labels_cannot_judge_the_flow_s_own_ratio_is_announced()
    {
        string doses = folder.Write("doses.csv", "dose,x\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i % 5},{i * 37 % 100}")) + "\n");
        ToolRun run = ToolRun.Of(["train", doses, "-o", folder.File("d.flow"), "--continuous", "dose", "--columns", "x", .. SmallTable.Stacked]).Succeeds();
        Assert.That(run.Error, Does.Contain("which no held-out labels have judged: conditions are numbers"));
    }

    /// <summary>Lines without the last column, which says of the table of the training alone which rows the flow held out.</summary>
    private static string[] Estimates(string output) => [.. File.ReadAllLines(output).Select(line => line[..line.LastIndexOf(',')])];

    private ToolRun Ratio(string table, string output, params string[] more) =>
        ToolRun.Of(["ratio", model, table, "-o", output, "--numerator", "group=treated", "--denominator", "group=control", .. more]);
}
