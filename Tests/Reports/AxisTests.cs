using FlowRatio.Reports.Charts;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Reports;

/// <summary>Domains and ticks.</summary>
public sealed class AxisTests
{
    [Test]
    public void A_domain_holds_every_value_and_little_more()
    {
        float[] random = new RandomData(21).Normal(3 * 1000);
        foreach (float[] draw in random.Chunk(3))
        {
            // From 1e-12 to 1e12, both signs, extents far smaller and far larger than the values.
            double scale = Math.Pow(10, 4 * draw[2]);
            (double low, double high) = (scale * Math.Min(draw[0], draw[1]), scale * Math.Max(draw[0], draw[1]));
            (double below, double above) = new Axis("x").Covering([low, high]).Domain!.Value;

            // Twelve parts make a step at most 2.5 / 12 of the extent, and each end moves by less than one step.
            double slack = 1e-6 * (high - low);
            Assert.That(below, Is.LessThanOrEqualTo(low + slack));
            Assert.That(above, Is.GreaterThanOrEqualTo(high - slack));
            Assert.That(above - below, Is.LessThanOrEqualTo((high - low) * 1.45));
        }
    }

    [TestCase(0.012, 0.9, 0.01, 1)]
    [TestCase(3, 3, 2, 4)]
    [TestCase(0.0021, 0.0024, 0.002, 0.003)]
    public void A_logarithmic_domain_ends_at_short_numbers(double low, double high, double expectedLow, double expectedHigh) =>
        Assert.That(new Axis("x") { Scale = AxisScale.Log }.Covering([low, high, -1, 0, double.NaN]).Domain, Is.EqualTo((expectedLow, expectedHigh)));

    [Test]
    public void Logarithmic_ticks_are_few_and_round()
    {
        Assert.That(NiceRange.LogarithmicTicks(0.02, 0.6, 6), Is.EqualTo(new[] { 0.02, 0.05, 0.1, 0.2, 0.5 }));
        Assert.That(NiceRange.LogarithmicTicks(0.01, 5000, 6), Is.EqualTo(new[] { 0.01, 0.1, 1, 10, 100, 1000 }));
        Assert.That(NiceRange.LogarithmicTicks(1e-9, 1e9, 6), Has.Count.LessThanOrEqualTo(7));
    }

    [Test]
    public void Zero_is_included_where_it_is_wanted()
    {
        Assert.That(new Axis("x") { IncludeZero = true }.Covering([3, 4]).Domain!.Value.Low, Is.Zero);
        Assert.That(new Axis("x").Covering([3, 4]).Domain!.Value.Low, Is.EqualTo(3));
    }

    [Test]
    public void Without_values_an_axis_stays_as_it_is() => Assert.That(new Axis("x").Covering([double.NaN]).Domain, Is.Null);
}
