using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>speed</c> as a user, and as the scripts in Benchmarks/Peers, run it.</summary>
public sealed class SpeedCommandTests
{
    [Test]
    public void Writes_a_row_per_case_as_json()
    {
        JsonElement json = CommandLine.Json("speed", "--cases", "tiny", "--seconds", "0.01", "--threads", "2");
        Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo("speed"));
        Assert.That(json.GetProperty("threads").GetInt32(), Is.EqualTo(2));
        JsonElement machine = json.GetProperty("machine");
        foreach (string field in (string[])["cpu", "instruction_set", "runtime", "system"])
        {
            Assert.That(machine.GetProperty(field).GetString(), Is.Not.Empty, field);
        }

        double[] ceilings = [.. json.GetProperty("ceilings").EnumerateArray().Select(row => row.GetProperty("gflops").GetDouble())];
        Assert.That(ceilings, Has.Length.EqualTo(2).And.All.Positive);
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        string[] names = [.. rows.Select(row => row.GetProperty("name").GetString()!)];
        Assert.That(names, Is.Unique);
        foreach (string part in (string[])
                 [
                     "ceiling", "gemm/forward", "gemm/repack", "gemm/data-gradient", "gemm/weight-gradient", "epilogue/bias-selu", "head/",
                     "training-step/", "training-step-averaged/", "training-step-whitened/", "evaluation/s1", "evaluation/s2", "evaluation/s3", "evaluation/naive",
                     "solve/", "training/",
                 ])
        {
            Assert.That(names, Has.Some.StartsWith("tiny/" + part));
        }

        foreach (JsonElement row in rows)
        {
            double p10 = row.GetProperty("p10_ms").GetDouble(), median = row.GetProperty("median_ms").GetDouble();
            Assert.That(p10, Is.Positive);
            Assert.That(median, Is.GreaterThanOrEqualTo(p10));
            Assert.That(row.GetProperty("p90_ms").GetDouble(), Is.GreaterThanOrEqualTo(median));
            Assert.That(row.GetProperty("repetitions").GetInt32(), Is.Positive);
            Assert.That(row.GetProperty("allocated_bytes").GetDouble(), Is.Not.Negative);
        }

        JsonElement epilogue = rows.First(row => row.GetProperty("name").GetString()!.Contains("bias-selu", StringComparison.Ordinal));
        Assert.That(epilogue.TryGetProperty("nanoseconds_per_element", out _), "the plain product was measured too");
    }

    [Test]
    public void Serves_cases_on_request()
    {
        (string[] answers, int exitCode) = Serve(
            "list", "tiny/head/w16@1 0", "tiny/head/w16@1 3", "work tiny/head/w16@1", "machine", "tiny/nothing@1 3", "nonsense", "tiny/head/w16@1 -1");
        Assert.That(exitCode, Is.Zero);
        Assert.That(answers, Has.Length.EqualTo(8), "one line each");
        Assert.That(answers[0].Split(' '), Has.Member("tiny/head/w16@1").And.Member("gemm/forward/512x1024x1024@2"));
        Assert.That(answers[1], Is.Empty);
        Assert.That(
            answers[2].Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)), Has.Exactly(3).Items.And.All.Positive);

        // 40 rows of 128 -> 16 -> 16 -> 16 -> 20, two operations per multiply-add.
        Assert.That(double.Parse(answers[3], CultureInfo.InvariantCulture), Is.EqualTo(40 * 2 * ((128 * 16) + (16 * 16) + (16 * 16) + (16 * 20))));
        Assert.That(JsonSerializer.Deserialize<JsonElement>(answers[4]).GetProperty("cores").GetInt32(), Is.Positive);
        Assert.That(answers[5], Does.StartWith("error").And.Contains("'tiny/nothing@1'"));
        Assert.That(answers[6], Does.StartWith("error").And.Contains("'nonsense'"));
        Assert.That(answers[7], Does.StartWith("error"));
    }

    [Test]
    public void Solves_what_it_has_exported()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("export");
        CommandLine export = CommandLine.Run(
            "speed", "--export", target, "--dim", "2", "--width", "16", "--train-steps", "200", "--points", "60");
        Assert.That(export.ExitCode, Is.Zero, export.Error);
        JsonElement json = CommandLine.Json("speed", "--solve", target, "--reference-chunks", "1");
        JsonElement[] methods = [.. json.GetProperty("methods").EnumerateArray()];
        Assert.That(
            methods.Select(method => method.GetProperty("name").GetString()),
            Is.EqualTo(new[]
            {
                "s3", "s1", "s2", "naive", "s3, 5 steps", "s1, 5 steps", "s2, 5 steps", "naive, 5 steps", "published procedure, our evaluation",
            }));
        foreach (JsonElement method in methods)
        {
            Assert.That(method.GetProperty("points").GetInt32(), Is.EqualTo(60));
            Assert.That(method.GetProperty("seconds").GetDouble(), Is.Positive);
            Assert.That(method.GetProperty("mse").GetDouble(), Is.Positive);
        }

        // One evaluation at the start and six per step, at least one step for each of the 99 intervals.
        Assert.That(methods[^1].GetProperty("evaluations").GetDouble(), Is.GreaterThanOrEqualTo(595));
        CommandLine.Refuses(["speed", "--solve", target, "--reference-chunks", "2"], "--reference-chunks", "2", "1");
        File.WriteAllBytes(Path.Combine(target, "model.safetensors"), [1, 2, 3]);
        CommandLine.Refuses(["speed", "--solve", target], "model.safetensors");
    }

    [TestCase("--cases nothing", "--cases", "'nothing'", "gemm")]
    [TestCase("--seconds 0", "--seconds")]
    [TestCase("--seconds NaN", "--seconds")]
    [TestCase("--threads -1", "--threads")]
    [TestCase("--solve nowhere", "--solve", "nowhere")]
    [TestCase("--export x --width 0", "--width")]
    public void A_bad_argument_ends_with_2_and_a_message(string arguments, params string[] parts) =>
        CommandLine.Refuses(["speed", .. arguments.Split(' ')], parts);

    [Test]
    public void Micro_passes_its_arguments_to_BenchmarkDotNet()
    {
        CommandLine run = CommandLine.Run("micro", "--list", "flat");
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain("HeadBenchmarks.Run").And.Contain("SolveBenchmarksDeep.Run"));
    }

    private static (string[] Answers, int ExitCode) Serve(params string[] requests)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "FlowRatio.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "speed", "--serve", "--threads", "2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // One answer is awaited before the next request, as the scripts do it.
        string[] answers = [.. requests.Select(request =>
        {
            process.StandardInput.WriteLine(request);
            process.StandardInput.Flush();
            return process.StandardOutput.ReadLine()!;
        })];
        process.StandardInput.Close();
        process.WaitForExit();
        return (answers, process.ExitCode);
    }
}
