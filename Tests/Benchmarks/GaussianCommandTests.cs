using System.Text.Json;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>gaussian</c> as a user runs it.</summary>
public sealed class GaussianCommandTests
{
    private static readonly string[] Tiny =
        ["gaussian", "--dim", "2", "--steps", "200", "--width", "16", "--train-points", "500", "--test-points", "50"];

    private static IEnumerable<TestCaseData> BadArguments =>
    [
        Case("--methods s1,s9", "--methods", "'s9'", "s1, s2, s3, denominator, naive"),
        Case("--dim 0", "--dim", "0"),
        Case("--steps 0", "--steps", "0"),
        Case("--steps many", "--steps", "many"),
        Case("--width -1", "--width", "-1"),
        Case("--batch 0", "--batch", "0"),
        Case("--train-points 1", "--train-points", "1"),
        Case("--test-points 0", "--test-points", "0"),
        Case("--shift NaN", "--shift", "NaN"),
        Case("--sigma-min -1", "--sigma-min", "-1"),
        Case("--path-noise -0.5", "--path-noise", "-0.5"),
        Case("--schedule x", "--schedule", "'x'", "deterministic, data-noise, path-noise"),
        Case("--learning-rate 0", "--learning-rate", "0"),
        Case("--average 1", "--average", "1"),
        Case("--drop -0.1", "--drop", "-0.1"),
        Case("--solver euler5", "--solver", "'euler5'", "rk4"),
        Case("--solver-steps 0", "--solver-steps", "0"),
        Case("--tolerance 1e-3", "--tolerance", "'rk4'"),
        Case("--nodes 3", "--nodes", "quadrature"),
        Case("--solver quadrature --nodes 3 --tolerance 1e-2", "--nodes", "--tolerance"),
        Case("--solver adaptive --solver-steps 3", "--solver-steps", "'adaptive'"),
        Case("--paper --steps 20", "--steps", "--paper"),
        Case("--base mixture:0", "--base", "mixture:0"),
        Case("--latest-time 3", "--latest-time is 3"),
        Case("--whitening 0.0001", "--whitening is 0.0001"),
        Case("--probe x", "--probe", "'x'", "hadamard, rademacher, gaussian, exact"),
        Case("--probes 0", "--probes", "0"),
        Case("--seed -1", "--seed", "-1"),
        Case("--device tpu", "--device", "'tpu'", "cpu, cuda[:n], opencl[:n], ilgpu-cpu, auto"),
        Case("--threads -1", "--threads", "-1"),
        Case("--methods ctsm-twosided", "'ctsm-twosided'", "tsm, ctsm, ctsmv, tsm-onesided, ctsm-onesided, ctsmv-onesided"),
        Case("--baseline-steps 0", "--baseline-steps", "0"),
        Case("--baseline-width 0", "--baseline-width", "0"),
        Case("--baseline-batch -1", "--baseline-batch", "-1"),
        Case("--baseline-rate 0", "--baseline-rate", "0"),
        Case("--baseline-decay linear", "--baseline-decay", "'linear'", "constant, cosine"),
        Case("--baseline-variance 0", "--baseline-variance", "0"),
        Case("--baseline-factor NaN", "--baseline-factor", "NaN"),
        Case("--tsm-weight x", "--tsm-weight", "'x'", "path-variance, objective-variance, uniform"),
        Case("--unknown 1", "--unknown"),
        Case("--dim", "--dim"),
    ];

    [Test]
    public void Writes_the_documented_json()
    {
        JsonElement json = CommandLine.Json(Tiny);
        Assert.That(
            json.EnumerateObject().Select(field => field.Name),
            Is.EqualTo(new[] { "experiment", "options", "device", "train", "methods", "truth" }));
        Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo("gaussian"));
        Assert.That(json.GetProperty("device").GetString(), Is.EqualTo("cpu"));
        Assert.That(json.GetProperty("options").GetProperty("dim").GetInt32(), Is.EqualTo(2));
        Assert.That(json.GetProperty("options").GetProperty("train_points").GetInt32(), Is.EqualTo(500));
        JsonElement train = json.GetProperty("train");
        Assert.That(train.GetProperty("steps").GetInt32(), Is.EqualTo(200));
        Assert.That(train.GetProperty("seconds").GetDouble(), Is.Positive);
        Assert.That(train.GetProperty("final_loss").GetDouble(), Is.Positive);
        Assert.That(
            json.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "s1", "s2", "s3", "naive" }));
        foreach (JsonElement method in json.GetProperty("methods").EnumerateArray())
        {
            // Cauchy and Schwarz: |bias| <= mae <= sqrt(mse); a rounding more when they are equal.
            double mse = method.GetProperty("mse").GetDouble(), mae = method.GetProperty("mae").GetDouble();
            Assert.That(mae, Is.Positive.And.LessThanOrEqualTo(Math.Sqrt(mse) + 1e-12));
            Assert.That(Math.Abs(method.GetProperty("bias").GetDouble()), Is.LessThanOrEqualTo(mae + 1e-12));
            Assert.That(method.GetProperty("std_error").GetDouble(), Is.Positive);
            Assert.That(method.GetProperty("seconds").GetDouble(), Is.Positive);
            Assert.That(method.GetProperty("evaluations").GetInt32(), Is.Positive);
        }

        Assert.That(json.GetProperty("truth").EnumerateObject(), Is.Not.Empty);
    }

    [Test]
    public void The_same_seed_gives_the_same_errors_and_another_one_others()
    {
        double Error(string seed, string threads) =>
            CommandLine.Json([.. Tiny, "--methods", "s3", "--seed", seed, "--threads", threads])
                .GetProperty("methods")[0].GetProperty("mse").GetDouble();

        double first = Error("1", "1");
        Assert.That(Error("1", "2"), Is.EqualTo(first));
        Assert.That(Error("2", "1"), Is.Not.EqualTo(first));
    }

    [Test]
    public void Baselines_are_in_the_report_with_their_own_training()
    {
        string[] names = ["tsm", "ctsm", "s1", "ctsmv", "tsm-onesided", "ctsm-onesided", "ctsmv-onesided"];
        JsonElement json = CommandLine.Json(
            [.. Tiny, "--methods", string.Join(",", names), "--baseline-steps", "300", "--baseline-width", "24", "--baseline-batch", "64"]);
        Assert.That(
            json.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()),
            Is.EqualTo(names), "in the order in which they were named");
        Assert.That(json.GetProperty("train").GetProperty("steps").GetInt32(), Is.EqualTo(200), "the flow's");
        foreach (JsonElement method in json.GetProperty("methods").EnumerateArray())
        {
            // The truth has a variance of two in two dimensions; 300 small steps get well below.
            Assert.That(method.GetProperty("mse").GetDouble(), Is.InRange(1e-6, 2));
            Assert.That(method.GetProperty("evaluations").GetDouble(), Is.Positive);
            if (method.GetProperty("name").GetString() != "s1")
            {
                Assert.That(method.GetProperty("train").GetProperty("steps").GetInt32(), Is.EqualTo(300));
            }
        }
    }

    [Test]
    public void Without_a_flow_the_report_has_the_first_baselines_training()
    {
        string[] arguments = [.. Tiny, "--methods", "ctsm", "--baseline-steps", "50", "--baseline-width", "8"];
        JsonElement data = CommandLine.Json(arguments), fresh = CommandLine.Json([.. arguments, "--fresh-samples"]);
        Assert.That(data.GetProperty("train").GetProperty("steps").GetInt32(), Is.EqualTo(50));
        Assert.That(fresh.GetProperty("options").GetProperty("fresh_samples").GetBoolean(), Is.True);
        Assert.That(
            fresh.GetProperty("methods")[0].GetProperty("mse").GetDouble(),
            Is.Not.EqualTo(data.GetProperty("methods")[0].GetProperty("mse").GetDouble()));
    }

    [TestCase("data-noise")]
    [TestCase("path-noise")]
    public void Runs_with_every_schedule(string schedule)
    {
        JsonElement json = CommandLine.Json([.. Tiny, "--schedule", schedule, "--methods", "denominator", "--probe", "exact"]);
        Assert.That(json.GetProperty("methods").GetArrayLength(), Is.EqualTo(1));
        Assert.That(json.GetProperty("methods")[0].GetProperty("mse").GetDouble(), Is.Positive);
    }

    [TestCaseSource(nameof(BadArguments))]
    public void A_bad_argument_ends_with_2_and_a_message(string arguments, string[] parts) =>
        CommandLine.Refuses(["gaussian", .. arguments.Split(' ')], parts);

    [Test]
    public void An_unknown_command_ends_with_2() => CommandLine.Refuses(["gausian"], "gausian");

    [Test]
    public void Help_names_the_options()
    {
        CommandLine run = CommandLine.Run("gaussian", "--help");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("--dim").And.Contain("--schedule").And.Contain("--json"));
    }

    private static TestCaseData Case(string arguments, params string[] parts) =>
        new TestCaseData(arguments, parts).SetArgDisplayNames(arguments);
}
