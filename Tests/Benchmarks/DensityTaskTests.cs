using FlowRatio.Benchmarks.Experiments.Tasks;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The non-Gaussian tasks: densities, samples and ratios belong together.</summary>
public sealed class DensityTaskTests
{
    private static readonly (string Name, Func<int, DensityTask> Create)[] Tasks =
    [
        ("mixture", d => new MixtureTask(d)),
        ("warped", d => new WarpedGaussianTask(d)),
        ("heavy-tail", d => new HeavyTailTask(d)),
        ("partial-overlap", d => new PartialOverlapTask(d)),
    ];

    private static IEnumerable<TestCaseData> Named =>
        Tasks.Select(entry => new TestCaseData(entry.Create).SetArgDisplayNames(entry.Name));

    [TestCaseSource(nameof(Named))]
    public void Densities_integrate_to_one_in_the_plane(Func<int, DensityTask> create)
    {
        DensityTask task = create(2);
        foreach (bool ofNumerator in (bool[])[false, true])
        {
            // The trapezoidal rule on a square that holds all but 1e-6 of the mass: x = sinh(w), so that tails take few nodes.
            const int half = 300;
            const double largest = 5.5;
            double step = largest / half, sum = 0;
            for (int i = -half; i <= half; i++)
            {
                for (int j = -half; j <= half; j++)
                {
                    double v = i * step, w = j * step;
                    double[] point = [Math.Sinh(v), Math.Sinh(w)];
                    sum += Math.Exp(task.LogDensity(point, ofNumerator)) * Math.Cosh(v) * Math.Cosh(w);
                }
            }

            Assert.That(sum * step * step, Is.EqualTo(1).Within(1e-4), ofNumerator ? "numerator" : "denominator");
        }
    }

    [TestCaseSource(nameof(Named))]
    public void Samples_have_the_density(Func<int, DensityTask> create)
    {
        // E[h(x)] = 1 for the ratio h of two densities when x comes from the lower one; h is bounded by mixing both below the line:
        // E_q[2 p / (p + q)] + E_p[2 p / (p + q)] = 2, with standard errors from the samples. A wrong sampler or density breaks it.
        foreach (int dimension in (int[])[2, 3, 10, 50])
        {
            DensityTask task = create(dimension);
            const int count = 20_000;
            double[] Share(bool fromNumerator) => [.. task.LogRatio(task.Sample(count, fromNumerator, 77, 3)).Select(r => 2 / (1 + Math.Exp(-r)))];
            (double below, double varianceBelow, _) = Statistics.Moments(Share(false));
            (double above, double varianceAbove, _) = Statistics.Moments(Share(true));
            double error = Math.Sqrt((varianceBelow + varianceAbove) / count);
            Assert.That(below + above, Is.EqualTo(2).Within(Statistics.Limit * error), $"dimension {dimension}");

            // The pair is neither the same nor separated: a share between chance and certainty.
            Assert.That(above / 2, Is.InRange(0.55, 0.97), $"dimension {dimension}");
        }
    }

    [TestCaseSource(nameof(Named))]
    public void The_mean_ratio_over_the_denominator_is_one(Func<int, DensityTask> create)
    {
        // E_den[min(r, 20)] + P_num(r > 20) - 20 P_den(r > 20) = 1: truncated, because the ratio itself may have no variance.
        DensityTask task = create(5);
        const int count = 50_000;
        const double bound = 20;
        double[] below = [.. task.LogRatio(task.Sample(count, false, 78, 0)).Select(r => r < Math.Log(bound) ? Math.Exp(r) : 0)];
        double[] above = [.. task.LogRatio(task.Sample(count, true, 78, 0)).Select(r => r < Math.Log(bound) ? 0.0 : 1.0)];
        (double mean, double variance, _) = Statistics.Moments(below);
        (double rest, double varianceRest, _) = Statistics.Moments(above);
        Assert.That(mean + rest, Is.EqualTo(1).Within(Statistics.Limit * Math.Sqrt((variance + varianceRest) / count)));
    }

    [TestCaseSource(nameof(Named))]
    public void Samples_depend_on_seed_set_and_class_and_continue(Func<int, DensityTask> create)
    {
        DensityTask task = create(4);
        float[] first = task.Sample(50, false, 1, 0);
        Assert.That(task.Sample(50, false, 1, 0), Is.EqualTo(first));
        Assert.That(task.Sample(80, false, 1, 0).Take(first.Length), Is.EqualTo(first));
        foreach (float[] other in (float[][])[task.Sample(50, true, 1, 0), task.Sample(50, false, 1, 1), task.Sample(50, false, 2, 0)])
        {
            Assert.That(other.Intersect(first), Is.Empty);
        }
    }

    [Test]
    public void The_warp_is_inverted_to_rounding([Values(2, 10, 50)] int dimension)
    {
        var task = new WarpedGaussianTask(dimension);
        double[] latent = [.. new RandomData(5).Normal(dimension, 1.5).Select(value => (double)value)];
        double[] point = new double[dimension], back = new double[dimension];
        task.Map(latent, point);
        task.Invert(point, back);
        Assert.That(back, Is.EqualTo(latent).Within(1e-12));
    }

    [Test]
    public void The_warp_reports_its_jacobian([Values(2, 3)] int dimension)
    {
        var task = new WarpedGaussianTask(dimension);
        double[] latent = [.. new RandomData(6).Normal(dimension, 1).Select(value => (double)value)];
        double[] point = new double[dimension], ahead = new double[dimension], behind = new double[dimension];
        task.Map(latent, point);
        double[,] jacobian = new double[dimension, dimension];
        const double step = 1e-5;
        for (int j = 0; j < dimension; j++)
        {
            double kept = latent[j];
            latent[j] = kept + step;
            task.Map(latent, ahead);
            latent[j] = kept - step;
            task.Map(latent, behind);
            latent[j] = kept;
            for (int i = 0; i < dimension; i++)
            {
                jacobian[i, j] = (ahead[i] - behind[i]) / (2 * step);
            }
        }

        double determinant = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray(jacobian).Determinant();

        // Central differences: an error of order step^2.
        Assert.That(task.Invert(point, new double[dimension]), Is.EqualTo(Math.Log(Math.Abs(determinant))).Within(1e-7));
    }

    [Test]
    public void The_ratio_is_the_difference_of_the_densities([Values(2, 10)] int dimension)
    {
        // The warped pair computes it without the Jacobian.
        var task = new WarpedGaussianTask(dimension);
        float[] points = task.Sample(20, true, 3, 0);
        double[] expected = [.. points.Chunk(dimension)
            .Select(x => Array.ConvertAll(x, value => (double)value))
            .Select(x => task.LogDensity(x, true) - task.LogDensity(x, false))];
        Assert.That(task.LogRatio(points), Is.EqualTo(expected).Within(1e-10));
    }

    [Test]
    public void Far_from_the_boxes_the_log_density_stays_finite()
    {
        var task = new PartialOverlapTask(2);
        Assert.That(task.LogDensity([8.0, -8.0], true), Is.Not.NaN.And.GreaterThan(-1200));
    }
}
