using System.Text.Json;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>accuracy</c> as a user runs it.</summary>
public sealed class AccuracyCommandTests
{
    private static readonly string[] Tiny =
    [
        "--tasks", "mixture,mi", "--dims", "2", "--repetitions", "2", "--steps", "60", "--width", "16", "--baseline-steps", "60", "--baseline-width", "16",
        "--train-points", "400", "--test-points", "60", "--solver-steps", "3", "--threads", "1", "--base", "none",
    ];

    [Test]
    public void A_study_goes_on_after_its_budget_and_writes_a_summary_and_a_page()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        string[] arguments = ["accuracy", "--variants", "plain,recommended,ctsm,classifier", .. Tiny, "--out", output];
        CommandLine first = CommandLine.Run([.. arguments, "--budget", "0.001"]);
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Output, Does.Contain("budget").And.Contain("1 of 16 cells"));
        Assert.That(Cells(output), Has.Length.EqualTo(1));

        CommandLine second = CommandLine.Run(arguments);
        Assert.That(second.ExitCode, Is.Zero, second.Error);
        Assert.That(second.Output, Does.Contain("1 of them finished before").And.Contain("classifier"));
        Assert.That(Cells(output), Has.Length.EqualTo(16));
        JsonElement rows = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(output, "summary.json"))).GetProperty("rows");

        // Two pairs; two methods of the flow in each of two variants, and two baselines.
        Assert.That(rows.GetArrayLength(), Is.EqualTo(2 * ((2 * 2) + 2)));
        foreach (JsonElement row in rows.EnumerateArray())
        {
            Assert.That(row.GetProperty("repetitions").GetInt32(), Is.EqualTo(2));
            Assert.That(row.GetProperty("mse").GetProperty("mean").GetDouble(), Is.Positive);
        }

        using HeadlessBrowser browser = HeadlessBrowser.Start();
        ReportExpectations.Check(browser, Path.Combine(output, "report.html"), 2);
    }

    [TestCase("--tasks some", "--tasks", "'some'", "mixture")]
    [TestCase("--variants some", "--variants", "'some'", "recommended")]
    [TestCase("--dims 0", "--dims", "'0'")]
    [TestCase("--tasks mi --dims 3", "--dims", "3 is odd")]
    [TestCase("--repetitions 0", "--repetitions", "0")]
    [TestCase("--methods tsm", "--methods", "--variants")]
    [TestCase("--budget -1", "--budget", "-1")]
    public void A_bad_argument_ends_with_2_and_a_message(string arguments, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Refuses(["accuracy", .. arguments.Split(' '), "--out", folder.File("out")], parts);
        Assert.That(Directory.Exists(folder.File("out")), Is.False, "nothing was begun");
    }

    private static string[] Cells(string folder) => [.. Directory.GetFiles(folder, "*-r*.json")];
}
