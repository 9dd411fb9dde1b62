using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Coordinates with a large common offset keep their digits, far values are limited in training and told.</summary>
public sealed class CenteredPointsTests
{
    [Test]
    public void An_origin_is_taken_only_where_float32_would_lose_digits()
    {
        double[] noise = [.. new RandomData(11).Normal(2000).Select(z => (double)z)];
        double[] points = [.. noise.Select((z, i) => i % 2 == 0 ? 1e7 + z : 5 + z)];
        CenteredPoints centered = CenteredPoints.Of(points, 2);
        Assert.That(centered.Origin[0], Is.EqualTo(1e7).Within(1));
        Assert.That(centered.Origin[1], Is.Zero);
        for (int i = 0; i < points.Length; i++)
        {
            Assert.That(centered.Origin[i % 2] + centered.Values[i], Is.EqualTo(points[i]).Within(1e-6), $"{i}");
        }
    }

    [Test]
    public void A_set_with_an_origin_has_a_map_in_the_units_of_the_data()
    {
        double[] noise = [.. new RandomData(12).Normal(1000).Select(z => (double)z)];
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("c", ["a"]));
        TrainingSet Set(double offset) => new(CenteredPoints.Of([.. noise.Select(z => z + offset)], 1), vocabulary, [new int[1000]]);
        TrainingSet plain = Set(0), moved = Set(1e7);
        Assert.That(moved.FitMap(true)!.Mean[0], Is.EqualTo(1e7 + plain.FitMap(true)!.Mean[0]).Within(1e-6));
        Assert.That(moved.Transform(moved.FitMap(true)).Points.ToArray(), Is.EqualTo(plain.Transform(plain.FitMap(true)).Points.ToArray()).Within(1e-5));
        Assert.That(moved.ToUnits(), Is.EqualTo(noise.Select(z => z + 1e7)).Within(1e-6));
        Assert.That(moved.Select([3, 5]).Origin[0], Is.EqualTo(moved.Origin[0]));
        Assert.That(plain.FitMap(false), Is.Null);
    }

    [Test]
    public void Without_scaling_nothing_is_limited_whatever_the_origin()
    {
        double[] noise = [.. new RandomData(15).Normal(1000).Select(z => 1000.0 * z)];
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("c", ["a"]));
        var set = new TrainingSet(CenteredPoints.Of([.. noise.Select(z => z + 1e10)], 1), vocabulary, [new int[1000]]);
        Assert.That(set.FitMap(false)!.IsShift, Is.True);
        Assert.That(set.Transform(set.FitMap(false)).Points.ToArray(), Is.EqualTo(set.Points.ToArray()));
    }

    [Test]
    public void A_far_value_is_named_and_counts_as_twenty_deviations_in_training()
    {
        float[] points = new RandomData(13).Normal(4000);
        points[6] = 1e6f;
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("a", points));
        Assert.That(FarValues.Of(set).Select(far => (far.Row, far.Coordinate, far.Value)), Is.EqualTo(new[] { (3, 0, 1e6) }));
        TrainingSet trained = set.Transform(set.FitMap(true));
        Assert.That(trained.Points[6], Is.EqualTo(FarValues.Limit));
        Assert.That(trained.Points.ToArray().Count(value => Math.Abs(value) > 6), Is.EqualTo(1));
    }

    [Test]
    public void A_code_for_missing_values_is_told()
    {
        float[] points = [.. new RandomData(14).Normal(1000).Select((z, i) => i % 20 == 0 ? -9999 : z)];
        (int coordinate, _, _, int row, double value) = FarValues.Squeezed(TrainingSet.FromClasses("c", 1, ("a", points))).Single();
        Assert.That((coordinate, row, value), Is.EqualTo((0, 0, -9999.0)));
    }
}
