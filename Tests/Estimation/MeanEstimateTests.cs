using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Means over samples: Kullback-Leibler divergences with their intervals.</summary>
public sealed class MeanEstimateTests
{
    [Test]
    public void Mean_and_standard_error_are_those_of_the_textbook()
    {
        MeanEstimate mean = MeanEstimate.Of([1, 2, 3, 4]);
        Assert.That(mean.Value, Is.EqualTo(2.5));
        Assert.That(mean.Count, Is.EqualTo(4));

        // Variance 5/3; 1e-15 for the roundings of a square root.
        Assert.That(mean.StandardError, Is.EqualTo(Math.Sqrt(5.0 / 12)).Within(1e-15));
        Assert.That(mean.ConfidenceInterval.Low, Is.EqualTo(2.5 - (1.959963984540054 * mean.StandardError)));
        Assert.That(mean.ConfidenceInterval.High, Is.EqualTo(2.5 + (1.959963984540054 * mean.StandardError)));
    }

    [Test]
    public void One_value_has_no_standard_error()
    {
        MeanEstimate mean = MeanEstimate.Of([3]);
        Assert.That(mean.Value, Is.EqualTo(3));
        Assert.That(mean.StandardError, Is.NaN);
    }

    [Test]
    public void Nothing_and_values_that_are_not_finite_are_refused([Values(double.NaN, double.PositiveInfinity)] double value)
    {
        Assert.That(() => MeanEstimate.Of([]), Throws.ArgumentException);
        Assert.That(() => MeanEstimate.Of([1, value]), Throws.ArgumentException);
    }

    [Test]
    public void Intervals_of_a_Kullback_Leibler_divergence_cover_it_as_often_as_they_say()
    {
        GaussianDistribution above = GaussianDistribution.Random(3, 31, 0.5), below = GaussianDistribution.Random(3, 32, 0.5);
        double exact = Divergence(above, below);
        const int repetitions = 1000, count = 200;
        int covered = Enumerable.Range(0, repetitions).Count(repetition =>
        {
            float[] points = above.Sample(count, (ulong)(1000 + repetition));
            (double low, double high) = MeanEstimate.Of(
                above.LogDensity(points).Zip(below.LogDensity(points), (a, b) => a - b)).ConfidenceInterval;
            return low <= exact && exact <= high;
        });
        double coverage = (double)covered / repetitions;
        TestContext.Out.WriteLine($"{coverage}");

        // 0.95 with a standard error of 0.007, and a per cent less because log-ratios of 200 points are skewed.
        Assert.That(coverage, Is.InRange(0.91, 0.985));
    }

    [Test]
    public void The_mean_of_estimated_ratios_is_the_divergence()
    {
        using var reference = new ReferenceBackend();
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.Deterministic);
        float[] points = ExactTask.Points(flow, ExactTask.First, 500);
        using var estimator = new LogRatioEstimator(
            flow, new EstimationOptions { Quadrature = QuadratureOptions.WithNodes(8), Divergence = DivergenceMethod.Hutchinson(2) });
        MeanEstimate mean = estimator.Estimate(points, ExactTask.First, ExactTask.Second).Mean();
        double exact = Divergence(flow.Target(ExactTask.First), flow.Target(ExactTask.Second));
        TestContext.Out.WriteLine($"{mean.Value:0.000} +- {mean.StandardError:0.000}, exact {exact:0.000}");
        Assert.That(exact, Is.InRange(mean.ConfidenceInterval.Low, mean.ConfidenceInterval.High));
    }

    /// <summary>KL(a || b) in nats.</summary>
    private static double Divergence(GaussianDistribution a, GaussianDistribution b)
    {
        var factor = b.Covariance.Cholesky();
        var shift = b.Mean - a.Mean;
        return 0.5 * (factor.Solve(a.Covariance).Trace() + (shift * factor.Solve(shift)) - a.Dimension
            + factor.DeterminantLn - a.Covariance.Cholesky().DeterminantLn);
    }
}
