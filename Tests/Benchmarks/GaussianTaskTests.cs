using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Tests.Support;
using MathNet.Numerics.Distributions;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The Gaussian experiment's data and truth.</summary>
public sealed class GaussianTaskTests
{
    private const int Points = 20_000;

    [Test]
    public void Truth_is_the_difference_of_the_log_densities([Values(1, 2, 10)] int dimension, [Values(0, 1, -2.5)] double shift)
    {
        var task = new GaussianTask(dimension, shift);
        float[] points = new RandomData(81).Normal(20 * dimension, 3);
        double[] expected = [.. points.Chunk(dimension).Select(
            x => x.Sum(value => Normal.PDFLn(shift, 1, value) - Normal.PDFLn(0, 1, value)))];

        // The densities' squares, near 100 per coordinate, cancel: a few dozen roundings of 1e3.
        Assert.That(task.LogRatio(points), Is.EqualTo(expected).Within(1e-11));
    }

    [Test]
    public void Samples_have_the_moments_of_their_distribution([Values] bool fromNumerator)
    {
        var task = new GaussianTask(3, 1.5);
        double[] values = Widen(task.Sample(Points, fromNumerator, 5, 0));
        for (int j = 0; j < 3; j++)
        {
            double[] column = [.. values.Where((_, i) => i % 3 == j)];
            (double mean, double variance, double error) = Statistics.Moments(column);
            Assert.That(mean, Is.EqualTo(fromNumerator ? 1.5 : 0).Within(Statistics.Limit * error));

            // The sample variance of normal data has the variance 2/n.
            Assert.That(variance, Is.EqualTo(1).Within(Statistics.Limit * Math.Sqrt(2.0 / Points)));
            double[] next = [.. values.Where((_, i) => i % 3 == (j + 1) % 3)];
            double nextMean = next.Average();
            double covariance = column.Zip(next, (a, b) => (a - mean) * (b - nextMean)).Average();
            Assert.That(covariance, Is.Zero.Within(Statistics.Limit / Math.Sqrt(Points)), "coordinates are independent");
        }
    }

    [Test]
    public void Samples_depend_on_seed_set_and_class()
    {
        var task = new GaussianTask(2, 0);
        float[] first = task.Sample(50, false, 1, 0), again = task.Sample(50, false, 1, 0);
        Assert.That(again, Is.EqualTo(first));

        // With shift 0 the two classes have the same distribution but must not share their noise.
        foreach (float[] other in (float[][])[task.Sample(50, true, 1, 0), task.Sample(50, false, 1, 1), task.Sample(50, false, 2, 0)])
        {
            Assert.That(other.Intersect(first), Is.Empty);
        }
    }

    [Test]
    public void More_points_continue_the_same_sample()
    {
        var task = new GaussianTask(3, 1);
        Assert.That(task.Sample(100, true, 1, 0)[..30], Is.EqualTo(task.Sample(10, true, 1, 0)));
    }

    private static double[] Widen(float[] values) => [.. values.Select(value => (double)value)];
}
