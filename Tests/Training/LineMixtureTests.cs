using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using MathNet.Numerics.Distributions;

namespace FlowRatio.Tests.Training;

/// <summary>Mixtures of one coordinate: the truth where it is a mixture, tails where there are no rows, one variance or several.</summary>
public sealed class LineMixtureTests
{
    private const int Rows = 20_000;

    [Test]
    public void Two_clusters_of_one_width_are_found()
    {
        float[] values = [.. new RandomData(1).Normal(Rows, 0.5).Select((x, i) => x + (i % 4 == 0 ? 2 : -1))];
        LineMixture fit = Fit(values, 2);
        GaussianComponent[] sorted = [.. fit.Components.OrderBy(component => component.Mean[0])];
        double error = 4 / Math.Sqrt(Rows);
        Assert.Multiple(() =>
        {
            Assert.That(sorted.Select(component => component.Weight), Is.EqualTo(new[] { 0.75, 0.25 }).Within(error));
            Assert.That(sorted.Select(component => component.Mean[0]), Is.EqualTo(new[] { -1.0, 2.0 }).Within(error));
            Assert.That(Deviations(fit), Is.All.EqualTo(0.5).Within(error));
            Assert.That(fit.Parameters, Is.EqualTo(4));
        });
    }

    [Test]
    public void Tails_beyond_the_rows_are_those_of_the_noise()
    {
        // A box of half-width 1.5 with noise of 0.3; at 2.7, four deviations beyond its edge, hardly a row in a million lies.
        var random = new RandomData(2);
        float[] noise = random.Normal(Rows, 0.3), places = random.Uniform(Rows, -1.5f, 1.5f);
        LineMixture fit = Fit([.. noise.Zip(places, (a, b) => a + b)]);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Components, Has.Count.EqualTo(8));
            Assert.That(Deviations(fit).Distinct().Single(), Is.EqualTo(0.3).Within(0.08));
            foreach (double x in (double[])[-2.7, -2.1, -1.5, 0, 1, 2.1, 2.7])
            {
                double truth = Math.Log((Normal.CDF(0, 0.3, 1.5 - Math.Abs(x)) - Normal.CDF(0, 0.3, -1.5 - Math.Abs(x))) / 3);
                double allowed = Math.Abs(x) > 2 ? 1.2 : 0.06;
                Assert.That(LogDensity(fit, x), Is.EqualTo(truth).Within(allowed), $"at {x}");
            }
        });
    }

    [Test]
    public void A_spike_beside_a_broad_part_gets_a_variance_of_its_own()
    {
        float[] values = [.. new RandomData(3).Normal(Rows).Select((x, i) => i % 2 == 0 ? 0.02f * x : x + 2)];
        double[] deviations = [.. Deviations(Fit(values)).Order()];
        Assert.Multiple(() =>
        {
            Assert.That(deviations[0], Is.LessThan(0.06));
            Assert.That(deviations[^1], Is.GreaterThan(0.7));
        });
    }

    [Test]
    public void The_log_likelihood_is_that_of_the_rows()
    {
        float[] values = [.. new RandomData(4).Normal(3000).Select(x => x * x)];
        LineMixture fit = Fit(values);

        // Neighbours are taken together, by mean and variance.
        Assert.That(fit.LogLikelihood, Is.EqualTo(values.Sum(value => LogDensity(fit, value))).Within(1));
    }

    [Test]
    public void Rows_are_those_that_are_named()
    {
        float[] values = [.. new RandomData(5).Normal(2000).Select((x, i) => i % 2 == 0 ? x : 1000)];
        LineMixture fit = LineMixture.Of(values, [.. Enumerable.Range(0, 1000).Select(i => 2 * i)], 1, 1e-12, CancellationToken.None);
        Assert.That(fit.Components.Single().Mean[0], Is.EqualTo(0).Within(0.15));
    }

    [Test]
    public void A_constant_and_a_handful_of_rows_have_finite_densities([Values(1, 2, 10, 60)] int rows, [Values] bool isConstant)
    {
        float[] values = isConstant ? [.. Enumerable.Repeat(3f, rows)] : new RandomData(6).Normal(rows);
        LineMixture fit = Fit(values);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Components.Sum(component => component.Weight), Is.EqualTo(1).Within(1e-9));
            Assert.That(LogDensity(fit, values[0]), Is.Not.NaN.And.LessThan(double.PositiveInfinity));
        });
    }

    private static LineMixture Fit(float[] values, int? components = null) =>
        LineMixture.Of(values, [.. Enumerable.Range(0, values.Length)], components, 1e-12, CancellationToken.None);

    private static IEnumerable<double> Deviations(LineMixture fit) => fit.Components.Select(component => Math.Sqrt(component.Blocks[0].Variances[0]));

    private static double LogDensity(LineMixture fit, double x) =>
        new BaseFactor([0], fit.Components).LogDensity(PathSchedule.Deterministic.Constants, 1, [x]);
}
