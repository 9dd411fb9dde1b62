using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Paths;

/// <summary>Weights and coefficients of the paths of time scores.</summary>
public sealed class TimeScorePathTests
{
    private static IEnumerable<TimeScorePath> Paths =>
        from path in (TimeScorePath[])[TimeScorePath.OneSided, TimeScorePath.TwoSided(), TimeScorePath.TwoSided(0.3)]
        from weighting in Enum.GetValues<TimeScoreWeighting>()
        from factor in (double[])[1, 0.4, 2.5]
        select path with { Weighting = weighting, Factor = factor };

    [TestCaseSource(nameof(Paths))]
    public void Slope_of_the_weight_is_its_derivative(TimeScorePath path)
    {
        foreach (double t in (double[])[0.001, 0.1, 0.37, 0.5, 0.8, 0.999])
        {
            double expected = FiniteDifference.Derivative(path.Weight, t);
            Assert.That(path.WeightSlope(t), Is.EqualTo(expected).Within(1e-8 * Math.Max(1, Math.Abs(expected))), $"t = {t}");
        }
    }

    [Test]
    public void Weights_are_those_of_the_papers()
    {
        // Written out as published: two-sided 2 t^2 (1-t)^2 / T with T = (1-2t)^2 + 2 c t (1-t), one-sided
        // (1-t^2)^2 / (2 t^2 + c (1-t^2)); the path's variance v2 t (1-t) and 1 - t^2.
        const double t = 0.3, c = 1.7;
        TimeScorePath two = TimeScorePath.TwoSided(0.6) with { Factor = c }, one = TimeScorePath.OneSided with { Factor = c };
        Assert.That(two.Weight(t), Is.EqualTo(2 * 0.09 * 0.49 / (0.16 + (2 * c * 0.21))).Within(1e-15));
        Assert.That(one.Weight(t), Is.EqualTo(0.91 * 0.91 / (0.18 + (c * 0.91))).Within(1e-15));
        Assert.That((two with { Weighting = TimeScoreWeighting.PathVariance }).Weight(t), Is.EqualTo(0.6 * 0.21).Within(1e-15));
        Assert.That((one with { Weighting = TimeScoreWeighting.PathVariance }).Weight(t), Is.EqualTo(0.91).Within(1e-15));
        Assert.That((one with { Weighting = TimeScoreWeighting.Uniform }).Weight(t), Is.EqualTo(1));
        Assert.That(two.SourceCoefficient(t), Is.EqualTo(0.7).Within(1e-15));
        Assert.That(one.SourceCoefficient(t), Is.Zero);
        Assert.That((two.FirstTime, two.LastTime), Is.EqualTo((1e-5, 1 - 1e-5)));
        Assert.That((one.FirstTime, one.LastTime), Is.EqualTo((0.0, 1 - 1e-5)));
    }

    [Test]
    public void The_objective_weight_is_the_inverse_variance_of_the_conditional_score([Values] bool twoSided)
    {
        // The conditional score of one coordinate is k (eps^2 - 1) + m eps delta with E[delta^2] = c (in units of v2). Its variance is
        // 2 k^2 + m^2 c, and lambda times it must not depend on t: the two targets' squares sum to a constant.
        const double c = 1.3, variance = 0.7;
        TimeScorePath path = (twoSided ? TimeScorePath.TwoSided(variance) : TimeScorePath.OneSided) with { Factor = c };
        double square = twoSided ? c * variance : c;
        foreach (double t in (double[])[0.001, 0.2, 0.5, 0.9, 0.999])
        {
            double noise = path.NoiseTarget(t), displacement = path.DisplacementTarget(t);
            Assert.That((2 * noise * noise) + (displacement * displacement * square), Is.EqualTo(1).Within(1e-12), $"t = {t}");
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Constants_must_be_positive(double value)
    {
        Assert.That(() => TimeScorePath.TwoSided(value), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => TimeScorePath.OneSided with { Factor = value }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
