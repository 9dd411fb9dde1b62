using System.Diagnostics;
using System.Text.Json;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>reproduce</c> as a user runs it.</summary>
public sealed class ReproduceCommandTests
{
    private const int LimitMilliseconds = 120_000;

    private static readonly string[] Tiny =
    [
        "--methods", "s3,ctsm", "--steps", "150", "--width", "16", "--baseline-steps", "150", "--baseline-width", "16", "--train-points", "400",
        "--test-points", "60", "--solver-steps", "3", "--threads", "1",
    ];

    [Test]
    public void Killed_in_the_middle_it_goes_on_without_repeating_a_finished_cell()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        string[] arguments = ["reproduce", "gaussian", "--dims", "2,3,5", "--repetitions", "2", .. Tiny, "--out", output];
        using (Process process = Start(arguments))
        {
            // Some cells are there, others are not: then a kill that no handler sees.
            var clock = Stopwatch.StartNew();
            while (Cells(output).Length < 3)
            {
                Assert.That(process.HasExited, Is.False, "the grid was filled before it could be killed");
                Assert.That(clock.ElapsedMilliseconds, Is.LessThan(LimitMilliseconds));
                Thread.Sleep(5);
            }

            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Dictionary<string, DateTime> finished = Cells(output).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Assert.That(finished, Has.Count.InRange(3, 11));
        CommandLine run = CommandLine.Run(arguments);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain($"{finished.Count} of them finished before"));
        Assert.That(Cells(output), Has.Length.EqualTo(12));
        foreach ((string file, DateTime written) in finished)
        {
            Assert.That(File.GetLastWriteTimeUtc(file), Is.EqualTo(written), "a finished cell is not written again");
        }

        Assert.That(Directory.GetFiles(output, "*.partial"), Is.Empty);
        Assert.That(File.Exists(Path.Combine(output, "report.html")));
    }

    [TestCase("gaussian", "2,3")]
    [TestCase("mi", "2,4")]
    public void Writes_cells_a_summary_and_a_page(string experiment, string dimensions)
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("out");
        CommandLine run = CommandLine.Run(["reproduce", experiment, "--dims", dimensions, "--repetitions", "1", .. Tiny, "--out", output]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("Reduced protocol").And.Contain("s3").And.Contain("ctsm"));
        Assert.That(Cells(output), Has.Length.EqualTo(4));
        JsonElement summary = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(output, "summary.json")));
        Assert.That(summary.GetProperty("rows").GetArrayLength(), Is.EqualTo(4));
        Assert.That(summary.GetProperty("rows")[0].GetProperty("mse").GetProperty("mean").GetDouble(), Is.Positive);

        using HeadlessBrowser browser = HeadlessBrowser.Start();

        // Error against dimension (flow, baselines; for mi twice), three of cost, two of work, two scatters.
        ReportExpectations.Check(browser, Path.Combine(output, "report.html"), experiment == "mi" ? 11 : 9);
    }

    [TestCase("gaussian --dims 2,x", "--dims", "'x'")]
    [TestCase("gaussian --dims ,", "--dims", "empty")]
    [TestCase("gaussian --dims 0", "--dims", "'0'")]
    [TestCase("gaussian --shifts 1,NaN", "--shifts", "'NaN'")]
    [TestCase("gaussian --schedules some", "--schedules", "'some'", "deterministic, data-noise, path-noise, all")]
    [TestCase("gaussian --repetitions 0", "--repetitions", "0")]
    [TestCase("gaussian --repetitions 1000", "--repetitions", "1000", "999")]
    [TestCase("gaussian --methods s9", "--methods", "'s9'")]
    [TestCase("gaussian --steps 0", "--steps", "0")]
    [TestCase("mi --dims 3", "--dims", "3 is odd")]
    [TestCase("mi --rhos 1", "--rhos", "'1'")]
    public void A_bad_argument_ends_with_2_and_a_message(string arguments, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Refuses(["reproduce", .. arguments.Split(' '), "--out", folder.File("out")], parts);
        Assert.That(Directory.Exists(folder.File("out")), Is.False, "nothing was begun");
    }

    private static string[] Cells(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "gaussian-*.json")
        .Concat(Directory.GetFiles(folder, "mi-*.json")).ToArray() : [];

    private static Process Start(string[] arguments)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "FlowRatio.Benchmarks.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}
