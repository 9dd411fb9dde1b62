using FlowRatio.Benchmarks.Metrics;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>Medians and tenths of small sets by hand.</summary>
public sealed class QuantilesTests
{
    [Test]
    public void Of_eleven_values_are_the_second_the_sixth_and_the_tenth()
    {
        double[] values = [10, 0, 9, 1, 8, 2, 7, 3, 6, 4, 5];
        Assert.That(Quantiles.Of(values), Is.EqualTo(new Quantiles(5, 1, 9)));
    }

    [Test]
    public void Lie_between_two_values()
    {
        Quantiles quantiles = Quantiles.Of([2, 1]);
        Assert.That(quantiles.Median, Is.EqualTo(1.5));
        Assert.That(quantiles.P10, Is.EqualTo(1.1).Within(1e-15));
        Assert.That(quantiles.P90, Is.EqualTo(1.9).Within(1e-15));
    }

    [Test]
    public void Of_one_value_are_that_value() => Assert.That(Quantiles.Of([3]), Is.EqualTo(new Quantiles(3, 3, 3)));

    [Test]
    public void Of_nothing_are_refused() => Assert.That(() => Quantiles.Of([]), Throws.InstanceOf<ArgumentException>());
}
