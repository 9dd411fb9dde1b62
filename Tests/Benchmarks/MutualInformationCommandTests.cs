using System.Text.Json;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>mi</c> as a user runs it.</summary>
public sealed class MutualInformationCommandTests
{
    private static readonly string[] Tiny =
        ["mi", "--dim", "2", "--steps", "300", "--width", "16", "--train-points", "2000", "--test-points", "500", "--baseline-steps", "300", "--baseline-width", "24"];

    private static IEnumerable<TestCaseData> BadArguments =>
    [
        Case("--dim 3", "--dim", "3", "even"),
        Case("--dim 0", "--dim", "0"),
        Case("--rho 1", "--rho", "1"),
        Case("--rho -1.5", "--rho", "-1.5"),
        Case("--rho NaN", "--rho", "NaN"),
        Case("--methods s9", "--methods", "'s9'"),
        Case("--test-points 1", "--test-points", "1"),
    ];

    [Test]
    public void Every_method_has_an_estimate_and_its_error()
    {
        JsonElement json = CommandLine.Json([.. Tiny, "--rho", "0.6", "--methods", "s1,s2,s3,naive,tsm,ctsm,ctsmv"]);
        Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo("mi"));
        Assert.That(json.GetProperty("options").GetProperty("rho").GetDouble(), Is.EqualTo(0.6));

        // -(d/4) ln(1 - rho^2) with d = 2.
        double truth = json.GetProperty("truth").GetProperty("mutual_information").GetDouble();
        Assert.That(truth, Is.EqualTo(-0.5 * Math.Log(1 - 0.36)).Within(1e-12));

        // The exact log-ratio, averaged over the test points, differs from it by sampling alone.
        double deviation = json.GetProperty("truth").GetProperty("standard_deviation").GetDouble();
        Assert.That(
            json.GetProperty("truth").GetProperty("mean").GetDouble(),
            Is.EqualTo(truth).Within(Statistics.Limit * deviation / Math.Sqrt(500)), "data and truth have the same correlation");
        Assert.That(
            json.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "s1", "s2", "s3", "naive", "tsm", "ctsm", "ctsmv" }));
        foreach (JsonElement method in json.GetProperty("methods").EnumerateArray())
        {
            double estimate = method.GetProperty("estimate").GetDouble();
            Assert.That(method.GetProperty("abs_error").GetDouble(), Is.EqualTo(Math.Abs(estimate - truth)).Within(1e-12));
            Assert.That(method.GetProperty("estimate_std_error").GetDouble(), Is.Positive);
            Assert.That(
                method.GetProperty("bias").GetDouble(),
                Is.EqualTo(estimate - json.GetProperty("truth").GetProperty("mean").GetDouble()).Within(1e-9), "over the same points");
            Assert.That(method.GetProperty("mse").GetDouble(), Is.InRange(0, 1));
        }
    }

    [TestCaseSource(nameof(BadArguments))]
    public void A_bad_argument_ends_with_2_and_a_message(string arguments, string[] parts) =>
        CommandLine.Refuses(["mi", .. arguments.Split(' ')], parts);

    private static TestCaseData Case(string arguments, params string[] parts) =>
        new TestCaseData(arguments, parts).SetArgDisplayNames(arguments);
}
