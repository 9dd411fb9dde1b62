using FlowRatio.Applications.Statistics;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>ROC curves.</summary>
public sealed class RocCurveTests
{
    [Test]
    public void Steps_over_the_scores_from_high_to_low() => Assert.That(
        RocCurve.Of([(4, true), (3, false), (2, true), (1, false)]),
        Is.EqualTo(new[] { (0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1.0, 1.0) }));

    [Test]
    public void Ties_pass_together() =>
        Assert.That(RocCurve.Of([(1, true), (1, false), (1, false)]), Is.EqualTo(new[] { (0.0, 0.0), (1.0, 1.0) }));

    [Test]
    public void Thinned_it_keeps_its_ends_and_its_area()
    {
        var random = new RandomData(51);
        float[] noise = random.Normal(4000);
        (double Score, bool IsPositive)[] rows = [.. noise.Select((value, i) => (value + (i % 2), i % 2 == 1))];
        IReadOnlyList<(double X, double Y)> curve = RocCurve.Of(rows, most: 200);
        Assert.That(curve, Has.Count.InRange(50, 202));
        Assert.That(curve[0], Is.EqualTo((0.0, 0.0)));
        Assert.That(curve[^1], Is.EqualTo((1.0, 1.0)));
        double area = curve.Zip(curve.Skip(1), (a, b) => (b.X - a.X) * (a.Y + b.Y) / 2).Sum();

        // Between two kept points lies a step of length 2 / 200 and half of its square at most.
        Assert.That(area, Is.EqualTo(RocAuc.Of([.. rows.Select(row => row.Score)], [.. rows.Select(row => row.IsPositive)])).Within(0.005));
    }

    [Test]
    public void A_missing_class_is_refused() =>
        Assert.Throws<ArgumentException>(() => RocCurve.Of([(1, true), (2, true)]));
}
