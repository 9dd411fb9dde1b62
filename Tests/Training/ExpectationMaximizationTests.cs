using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Tests.Training;

/// <summary>EM for mixtures: it goes on until the likelihood of its own rows stops growing.</summary>
public sealed class ExpectationMaximizationTests
{
    private const int Rows = 8000;
    private const double Gain = 1e-6;
    private static readonly ParallelOptions Parallel = new() { MaxDegreeOfParallelism = 1 };

    [Test]
    public void A_state_of_few_rows_goes_on_to_the_likelihoods_summit_on_all_of_them([Values(1, 2, 3, 4)] int seed)
    {
        // Overlapping clusters, so that the way is long; a state of a few rows has a higher likelihood on these than on all.
        float[] points = [.. new RandomData((ulong)seed).Normal(Rows).Select((x, i) => x + (2f * (i % 3)))];
        ExpectationMaximization fit = Fit(points);
        int[] all = [.. Enumerable.Range(0, Rows)], few = [.. Enumerable.Range(0, 60)];
        ExpectationMaximization.State start = fit.Run(fit.Start(few, 3, 1, 0), few, 40, Gain, Parallel);
        ExpectationMaximization.State end = fit.Run(start, all, 10_000, Gain, Parallel);
        Assert.That(fit.Run(end, all, 50, 0, Parallel).LogLikelihood, Is.EqualTo(end.LogLikelihood).Within(1e-3), "nothing is left to gain");
        Assert.That(fit.Run(start, all, 1, 0, Parallel).LogLikelihood, Is.LessThan(end.LogLikelihood - 1e-3), "and there was");
    }

    [Test]
    public void The_likelihood_is_that_of_the_components_beside_it()
    {
        float[] points = [.. new RandomData(6).Normal(Rows).Select((x, i) => x + (2f * (i % 3)))];
        ExpectationMaximization fit = Fit(points);
        int[] all = [.. Enumerable.Range(0, Rows)];
        ExpectationMaximization.State state = fit.Run(fit.Start(all, 3, 1, 0), all, 2, Gain, Parallel);
        double expected = points.Average(x => Math.Log(state.Components.Sum(part => part.Weight / Math.Sqrt(2 * Math.PI * part.Covariance[0])
            * Math.Exp(-(x - part.Mean[0]) * (x - part.Mean[0]) / (2 * part.Covariance[0])))));
        Assert.That(state.LogLikelihood, Is.EqualTo(expected).Within(1e-6));
    }

    [TestCase(1)]
    [TestCase(40)]
    public void A_component_without_rows_is_removed_and_the_others_go_on(int iterations)
    {
        float[] points = [.. new RandomData(5).Normal(Rows).Select((x, i) => x + (i % 2 == 0 ? -4 : 4))];
        ExpectationMaximization fit = Fit(points);
        int[] all = [.. Enumerable.Range(0, Rows)];
        MixtureComponent[] start = [.. new double[] { -2, 2, 500 }.Select(mean => new MixtureComponent(1.0 / 3, [mean], [1], false, 1e-6))];
        ExpectationMaximization.State end = fit.Run(new ExpectationMaximization.State(start, double.NegativeInfinity), all, iterations, Gain, Parallel);
        Assert.Multiple(() =>
        {
            Assert.That(end.Components, Has.Count.EqualTo(2));
            Assert.That(end.LogLikelihood, Is.Not.EqualTo(double.NegativeInfinity));
            Assert.That(end.Components.Select(component => component.Mean[0]), Is.EqualTo(new[] { -4.0, 4.0 }).Within(iterations == 1 ? 1 : 0.05));
        });
    }

    private static ExpectationMaximization Fit(float[] points) =>
        new(points, RowMoments.Of(points, 1, [.. Enumerable.Range(0, points.Length)]), false, 1e-6);
}
