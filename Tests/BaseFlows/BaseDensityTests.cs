using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.BaseFlows;

/// <summary>
/// The closed forms against differences of the log-density, which is tested against the textbook density: score = grad log p, the divergence and
/// tangents are derivatives of the velocity, and all of it fulfils the continuity equation d log p / dt = -div u - u . s.
/// </summary>
public sealed class BaseDensityTests
{
    private const int Dimension = 5;

    private static readonly PathSchedule[] Schedules =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5), PathSchedule.General(0.2, 0.3)];

    private static readonly BaseDensity[] Densities =
    [
        Support.BaseFlows.Density(Dimension, 1, 1, Dimension),
        Support.BaseFlows.Density(Dimension, 1, 2, 1),
        Support.BaseFlows.Density(Dimension, 3, 3, Dimension),
        Support.BaseFlows.Density(Dimension, 4, 7, 2, 1),
        Support.BaseFlows.Product(Dimension, 5),
    ];

    private static readonly double[] Point = [.. new RandomData(99).Normal(Dimension).Select(value => (double)value)];

    [Test]
    public void Log_density_at_the_end_is_that_of_the_mixture([Values(0, 1, 2, 3)] int density, [Values(0, 1)] int schedule)
    {
        BaseDensity mixture = Densities[density];
        double noise = Schedules[schedule].SigmaSquared(1);
        double expected = Math.Log(mixture.Components.Sum(
            component => component.Weight * Math.Exp(Distribution(component).Smooth(noise).LogDensity(ToFloats(Point))[0])));
        double[] rounded = [.. ToFloats(Point).Select(value => (double)value)];
        Assert.That(mixture.LogDensity(Schedules[schedule].Constants, 1, rounded), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Log_density_of_a_product_is_the_sum_of_its_factors([Values(0, 1)] int schedule)
    {
        BaseDensity product = Densities[^1];
        double noise = Schedules[schedule].SigmaSquared(1);
        double expected = product.Factors.Sum(factor => Math.Log(factor.Components.Sum(component =>
            component.Weight * Math.Exp(Distribution(component).Smooth(noise).LogDensity([.. factor.Coordinates.Select(j => (float)Point[j])])[0]))));
        double[] rounded = [.. ToFloats(Point).Select(value => (double)value)];
        Assert.That(product.LogDensity(Schedules[schedule].Constants, 1, rounded), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Log_density_without_the_fields_is_that_with_them(
        [Values(0, 1, 2, 3, 4)] int density, [Values(0, 1, 2, 3)] int schedule, [Values(0, 0.3, 1)] double time)
    {
        double with = Densities[density].Evaluate(
            Schedules[schedule].Constants, time, Point, new double[Dimension], new double[Dimension], out _);
        Assert.That(Densities[density].LogDensity(Schedules[schedule].Constants, time, Point), Is.EqualTo(with).Within(1e-12 * Math.Abs(with)));
    }

    [Test]
    public void Log_density_of_many_tiny_variances_is_finite()
    {
        // Their product, 1e-750, is not a number that a double can hold.
        var narrow = new GaussianComponent(1, new double[250], Enumerable.Range(0, 250).Select(j => EigenBlock.OfOne(j, 1e-3)));
        Assert.That(
            narrow.LogDensity(PathSchedule.Deterministic.Constants, 1, new double[250]),
            Is.EqualTo(-125 * Math.Log(2 * Math.PI * 1e-3)).Within(1e-9));
    }

    [Test]
    public void At_the_source_every_base_is_standard_normal([Values(0, 1, 2, 3, 4)] int density)
    {
        double[] u = new double[Dimension], s = new double[Dimension];
        double log = Densities[density].Evaluate(PathSchedule.Deterministic.Constants, 0, Point, u, s, out _);
        Assert.Multiple(() =>
        {
            Assert.That(log, Is.EqualTo(-0.5 * Point.Sum(x => (x * x) + Math.Log(2 * Math.PI))).Within(1e-12));
            Assert.That(s, Is.EqualTo(Point.Select(x => -x)).Within(1e-12));
        });
    }

    [Test]
    public void Score_is_the_gradient_of_the_log_density(
        [Values(0, 1, 2, 3, 4)] int density, [Values(0, 1, 2, 3)] int schedule, [Values(0.1, 0.6, 0.95)] double time)
    {
        double[] s = new double[Dimension];
        Densities[density].Evaluate(Schedules[schedule].Constants, time, Point, new double[Dimension], s, out _);
        double[] gradient = FiniteDifference.Gradient(x => Densities[density].LogDensity(Schedules[schedule].Constants, time, x), Point);
        Assert.That(s, Is.EqualTo(gradient).Within(1e-7));
    }

    [Test]
    public void Divergence_and_tangents_are_derivatives_of_the_velocity(
        [Values(0, 1, 2, 3, 4)] int density, [Values(0, 1, 2, 3)] int schedule, [Values(0, 0.1, 0.6, 0.95)] double time)
    {
        BaseDensity mixture = Densities[density];
        PathConstants path = Schedules[schedule].Constants;
        double[] Velocity(double[] x)
        {
            double[] u = new double[Dimension];
            mixture.Evaluate(path, time, x, u, new double[Dimension], out _);
            return u;
        }

        mixture.Evaluate(path, time, Point, new double[Dimension], new double[Dimension], out double divergence);
        double trace = 0;
        for (int j = 0; j < Dimension; j++)
        {
            double[] unit = new double[Dimension];
            unit[j] = 1;
            trace += FiniteDifference.Directional(Velocity, Point, unit)[j];
        }

        double[] tangent = [.. new RandomData(5).Normal(Dimension).Select(value => (double)value)], product = new double[Dimension];
        mixture.Tangent(path, time, Point, tangent, product);
        Assert.Multiple(() =>
        {
            Assert.That(divergence, Is.EqualTo(trace).Within(1e-7));
            Assert.That(product, Is.EqualTo(FiniteDifference.Directional(Velocity, Point, tangent)).Within(1e-7));
        });
    }

    [Test]
    public void The_flow_carries_its_own_density(
        [Values(0, 1, 2, 3, 4)] int density, [Values(0, 1, 2, 3)] int schedule, [Values(0.1, 0.6, 0.9)] double time)
    {
        BaseDensity mixture = Densities[density];
        PathConstants path = Schedules[schedule].Constants;
        double[] u = new double[Dimension], s = new double[Dimension];
        mixture.Evaluate(path, time, Point, u, s, out double divergence);
        double rate = FiniteDifference.Derivative(t => mixture.LogDensity(path, t, Point), time);
        Assert.That(rate, Is.EqualTo(-divergence - u.Zip(s, (a, b) => a * b).Sum()).Within(1e-7));
    }

    [Test]
    public void A_far_point_has_finite_values()
    {
        double[] far = [.. Point.Select(x => 1e4 * x)];
        double[] u = new double[Dimension], s = new double[Dimension];
        double log = Densities[2].Evaluate(PathSchedule.Deterministic.Constants, 0.9, far, u, s, out double divergence);
        Assert.That(new[] { log, divergence }.Concat(u).Concat(s).All(double.IsFinite), Is.True);
    }

    [Test]
    public void Parts_that_do_not_fit_are_refused()
    {
        EigenBlock first = EigenBlock.OfOne(0, 1), second = EigenBlock.OfOne(1, 1);
        Assert.Multiple(() =>
        {
            Assert.That(() => new EigenBlock([0, 1], [1, 0, 1, 0], [1, 1]), Throws.ArgumentException.With.Message.Contains("orthonormal"));
            Assert.That(() => new EigenBlock([0], [1], [0]), Throws.ArgumentException.With.Message.Contains("variances"));
            Assert.That(() => new EigenBlock([1, 0], [1, 0, 0, 1], [1, 1]), Throws.ArgumentException.With.Message.Contains("ascending"));
            Assert.That(() => new GaussianComponent(1, [0, 0], [first, first]), Throws.ArgumentException.With.Message.Contains("cover"));
            Assert.That(() => new GaussianComponent(0, [0, 0], [first, second]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("weight"));
            Assert.That(() => new GaussianComponent(1, [0, double.NaN], [first, second]), Throws.ArgumentException.With.Message.Contains("mean"));
            var single = new GaussianComponent(1, [0], [first]);
            Assert.That(() => new BaseFactor([0, 1], [single]), Throws.ArgumentException.With.Message.Contains("coordinates has 2"));
            Assert.That(() => new BaseFactor([-1], [single]), Throws.ArgumentException.With.Message.Contains("ascending"));
            Assert.That(() => new BaseDensity(new BaseFactor[] { new([1], [single]) }), Throws.ArgumentException.With.Message.Contains("cover"));
            Assert.That(() => new BaseDensity(new BaseFactor[] { new([0], [single]), new([0], [single]) }), Throws.ArgumentException.With.Message.Contains("cover"));
            Assert.That(() => new BaseDensity(), Throws.ArgumentException.With.Message.Contains("components"));
        });
    }

    private static float[] ToFloats(double[] values) => [.. values.Select(value => (float)value)];

    private static GaussianDistribution Distribution(GaussianComponent component)
    {
        int dimension = component.Dimension;
        var covariance = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(dimension, dimension);
        foreach (EigenBlock block in component.Blocks)
        {
            for (int i = 0; i < block.Size; i++)
            {
                for (int a = 0; a < block.Size; a++)
                {
                    for (int b = 0; b < block.Size; b++)
                    {
                        covariance[block.Coordinates[a], block.Coordinates[b]] +=
                            block.Variances[i] * block.Directions[(i * block.Size) + a] * block.Directions[(i * block.Size) + b];
                    }
                }
            }
        }

        return new GaussianDistribution(
            MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense([.. component.Mean]), covariance);
    }
}
