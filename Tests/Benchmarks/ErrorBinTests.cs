using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>Errors by the true value.</summary>
public sealed class ErrorBinTests
{
    [Test]
    public void Bins_hold_every_point_once_in_the_order_of_the_truth()
    {
        double[] truth = [.. Enumerable.Range(0, 1000).Select(i => (double)(i * 7 % 1000))];
        double[] estimates = [.. truth.Select(value => value < 500 ? value + 1 : value - 2)];
        IReadOnlyList<ErrorBin> bins = ErrorBin.Of(estimates, truth);
        Assert.That(bins, Has.Count.EqualTo(20));
        Assert.That(bins.Select(bin => bin.Points), Has.All.EqualTo(50));
        Assert.That(bins.Select(bin => bin.Truth), Is.EqualTo(Enumerable.Range(0, 20).Select(i => (50 * i) + 24.5)).Within(1e-9));
        Assert.That(bins.Take(10).Select(bin => bin.Bias), Has.All.EqualTo(1).Within(1e-12));
        Assert.That(bins.Skip(10).Select(bin => bin.RootMeanSquare), Has.All.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void Points_without_a_value_are_left_out()
    {
        IReadOnlyList<ErrorBin> bins = ErrorBin.Of([1, double.NaN, 5], [1, 2, 3]);
        Assert.That(bins.Single().Points, Is.EqualTo(2));
        Assert.That(bins.Single().Bias, Is.EqualTo(1));
        Assert.That(ErrorBin.Of([double.NaN], [1]), Is.Empty);
    }
}
