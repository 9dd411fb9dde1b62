using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Standardized models: log-ratios do not see the map, log-densities change by its Jacobian.</summary>
public sealed class StandardizationTests
{
    private const int Dimension = 4;

    // Means and scales with few binary digits, and points that are multiples of 2^-10: the map is exact in float, so estimates with
    // it and estimates of mapped points must be the same numbers.
    private static readonly double[] Mean = [0.5, -3, 100, 0.25];
    private static readonly double[] Scale = [2, 0.5, 16, 0.125];
    private static readonly EstimationOptions Options = new() { Steps = 5 };

    private static float[] Mapped { get; } = [.. new RandomData(930).Normal(20 * Dimension).Select(x => MathF.Round(x * 1024) / 1024)];

    private static float[] Original { get; } =
        [.. Mapped.Select((z, i) => (float)((z * Scale[i % Dimension]) + Mean[i % Dimension]))];

    [Test]
    public void Log_ratios_do_not_change()
    {
        using var backend = new CpuBackend(threads: 1);
        FlowModel plain = SmallModel.Create(Dimension), mapped = SmallModel.Create(Dimension, new Standardization(Mean, Scale));
        using var expected = new LogRatioEstimator(plain, Options, backend);
        using var actual = new LogRatioEstimator(mapped, Options, backend);
        ErrorBound.CheckBits(
            "log-ratio",
            [.. expected.Estimate(Mapped, plain.Condition("a"), plain.Condition("b")).Values],
            [.. actual.Estimate(Original, mapped.Condition("a"), mapped.Condition("b")).Values]);

        using var expectedNaive = new NaiveLogRatioEstimator(plain, Options, backend);
        using var actualNaive = new NaiveLogRatioEstimator(mapped, Options, backend);

        // The Jacobian is added to both log-densities and cancels but for a rounding of numbers of order 10.
        Assert.That(
            actualNaive.Estimate(Original, mapped.Condition("a"), mapped.Condition("b")).Values,
            Is.EqualTo(expectedNaive.Estimate(Mapped, plain.Condition("a"), plain.Condition("b")).Values).Within(1e-13));
    }

    [Test]
    public void Log_densities_change_by_the_log_jacobian()
    {
        using var backend = new CpuBackend(threads: 1);
        FlowModel plain = SmallModel.Create(Dimension), mapped = SmallModel.Create(Dimension, new Standardization(Mean, Scale));
        using var expected = new LogDensityEstimator(plain, Options, backend);
        using var actual = new LogDensityEstimator(mapped, Options, backend);

        // p(x) = p(z) |dz/dx|, and dz/dx is 1/2, 2, 1/16, 8: log 1/2 in all. 1e-13: a rounding of numbers of order 10.
        Assert.That(
            actual.Estimate(Original, mapped.Condition("c")).Values,
            Is.EqualTo(expected.Estimate(Mapped, plain.Condition("c")).Values.Select(value => value - Math.Log(2))).Within(1e-13));
    }
}
