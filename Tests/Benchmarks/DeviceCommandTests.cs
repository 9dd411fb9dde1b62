using System.Text.Json;
using FlowRatio.Kernels;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>
/// The command <c>gpu</c>, and <c>--device</c> of the others, on OpenCL. ILGPU's processor accelerator takes minutes for each; where there is no OpenCL
/// driver, <c>.ci/run</c> brings one.
/// </summary>
[Category("Device")]
public sealed class DeviceCommandTests
{
    private const string Device = DeviceCatalog.OpenCl;

    [OneTimeSetUp]
    public void RequireDevice()
    {
        if (!DeviceCatalog.List().Any(entry => entry.Refusal is null && entry.Name.StartsWith(Device, StringComparison.Ordinal)))
        {
            Assert.Ignore("There is no OpenCL device here; .ci/run runs these tests on pocl.");
        }
    }

    [Test]
    public void Runs_contract_tests_and_compares_with_the_cpu()
    {
        JsonElement json = Json(
            "gpu", "--device", Device, "--only", "ContractProbesTests", "--dim", "2", "--width", "8", "--batch", "8", "--steps", "2",
            "--points", "3");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("device").GetString(), Is.EqualTo(Device));
            Assert.That(json.GetProperty("passed").GetInt32(), Is.GreaterThan(50));
            Assert.That(json.GetProperty("failed").GetInt32(), Is.Zero);
            JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
            Assert.That(rows, Has.Length.EqualTo(3 + 3 + 3), "three trainings, a solve of each, three other integrations");
            Assert.That(rows.Select(row => row.GetProperty("difference").GetDouble() <= row.GetProperty("bound").GetDouble()), Is.All.True);
            Assert.That(
                rows.Where(row => !row.GetProperty("name").GetString()!.Contains("adaptive", StringComparison.Ordinal)).Select(row => row.GetProperty("difference").GetDouble()),
                Is.All.LessThan(1e-5), "two steps differ by a few roundings");
            Assert.That(rows.Select(row => row.GetProperty("launches").GetProperty("driver_calls").GetDouble()), Is.All.Positive);
        });
    }

    [Test]
    public void Gaussian_gives_the_numbers_of_the_cpu()
    {
        double[] Run(string device)
        {
            JsonElement json = Json(
                "gaussian", "--dim", "2", "--steps", "5", "--width", "8", "--batch", "16", "--train-points", "60", "--test-points", "6",
                "--methods", "s3", "--solver-steps", "2", "--base", "none", "--references", "8", "--condition-code", "8", "--device", device);
            Assert.That(json.GetProperty("device").GetString(), Is.EqualTo(device));
            return
            [
                json.GetProperty("train").GetProperty("final_loss").GetDouble(),
                json.GetProperty("methods")[0].GetProperty("mse").GetDouble(),
                json.GetProperty("methods")[0].GetProperty("bias").GetDouble(),
            ];
        }

        // All three are of order one; five steps grow the roundings (6e-8) by no more than Adam's first divisions do.
        Assert.That(Run(Device), Is.EqualTo(Run("cpu")).Within(1e-4));
    }

    [Test]
    public void Speed_measures_every_case_and_counts_its_submissions()
    {
        JsonElement json = Json(
            "gpu", "--speed", "--device", Device, "--cases", "layer,gradient,training step,evaluation s3", "--rows", "3", "--widths", "8",
            "--evaluation-points", "3", "--batch", "4", "--seconds", "0.001", "--megabytes", "1", "--ceiling-groups", "1");
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        string[] names = [.. rows.Select(row => row.GetProperty("name").GetString()!)];
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo("gpu-speed"));
            Assert.That(json.GetProperty("copy_gbps").GetDouble(), Is.Positive);
            Assert.That(json.GetProperty("fp32_tflops").GetDouble(), Is.Positive);
            Assert.That(
                names,
                Is.EqualTo((string[])
                [
                    "layer 3x8x8", "input gradient 3x8x8", "weight gradient 3x8x8", "training step, width 8, batch 4",
                    "evaluation s3, width 8, 3 points",
                ]));
            Assert.That(rows.Select(row => row.GetProperty("median_ms").GetDouble()), Is.All.Positive);
        });
    }

    [Test]
    public void Speed_measures_solves_scores_and_the_published_cell()
    {
        JsonElement json = Json(
            "gpu", "--speed", "--device", Device, "--cases", "solve,score,paper", "--widths", "8", "--solve-points", "3", "--score-points", "5",
            "--score-block", "2", "--solver-steps", "1", "--paper-steps", "2", "--paper-points", "4", "--batch", "4", "--seconds", "0.001",
            "--megabytes", "1", "--ceiling-groups", "1");
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        JsonElement cell = json.GetProperty("paper").GetProperty("fp32");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("is_complete").GetBoolean(), Is.True);
            Assert.That(
                rows.Select(row => row.GetProperty("name").GetString()),
                Is.EqualTo((string[])
                [
                    "solve s1, width 8, 3 points", "solve s2, width 8, 3 points", "solve s3, width 8, 3 points", "solve naive, width 8, 3 points",
                    "score s3, width 8, 5 points in blocks of 2",
                ]));
            Assert.That(rows.Select(row => row.GetProperty("clock").GetString()), Is.All.EqualTo("wall"));
            Assert.That(rows.Select(row => row.GetProperty("median_ms").GetDouble()), Is.All.Positive);
            Assert.That(rows.Select(row => row.GetProperty("device_mebibytes").GetDouble()), Is.All.Positive);
            Assert.That(cell.GetProperty("train").GetProperty("steps").GetInt32(), Is.EqualTo(2));
            Assert.That(cell.GetProperty("train").GetProperty("launches").GetProperty("launches").GetDouble(), Is.GreaterThan(40));
            Assert.That(
                cell.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()),
                Is.EqualTo((string[])["s1", "s2", "s3", "naive"]));
        });
    }

    [Test]
    public void Speed_goes_on_where_it_was_and_does_without_graphs()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("speed.json");
        JsonElement[] Measure(string cases, params string[] more)
        {
            CommandLine run = CommandLine.Run(
                [
                    "gpu", "--speed", "--device", Device, "--cases", cases, "--rows", "3", "--widths", "8", "--batch", "4", "--seconds", "0.001",
                    "--megabytes", "1", "--ceiling-groups", "1", "--json", file, .. more,
                ]);
            Assert.That(run.ExitCode, Is.Zero, run.Error);
            return [.. JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)).GetProperty("rows").EnumerateArray()];
        }

        JsonElement first = Measure("layer").Single();
        JsonElement[] second = Measure("layer,training step", "--resume", "--graphs", "off");
        JsonElement step = second[^1];
        Assert.Multiple(() =>
        {
            Assert.That(second, Has.Length.EqualTo(3), "without graphs it is another case");
            Assert.That(second[0].GetRawText(), Is.EqualTo(first.GetRawText()));
            Assert.That(step.GetProperty("name").GetString(), Does.StartWith("training step"));
            Assert.That(step.GetProperty("graph_launches").GetDouble(), Is.Zero);
            Assert.That(step.GetProperty("submissions").GetDouble(), Is.EqualTo(step.GetProperty("launches").GetDouble()));
        });
        Assert.That(Measure("layer,training step", "--resume", "--graphs", "off"), Has.Length.EqualTo(3), "nothing is left to measure");
    }

    /// <summary>Runs a command and reads its JSON; drivers' compilers may write to the error stream.</summary>
    private static JsonElement Json(params IEnumerable<string> arguments)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("result.json");
        CommandLine run = CommandLine.Run([.. arguments, "--json", file]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file));
    }
}
