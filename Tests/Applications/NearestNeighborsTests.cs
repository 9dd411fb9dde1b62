using FlowRatio.Applications.Neighbors;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Neighbors;

namespace FlowRatio.Tests.Applications;

/// <summary>Exact neighbours against a plain sort of all distances.</summary>
public sealed class NearestNeighborsTests
{
    [Test]
    public void Neighbours_are_those_of_a_full_sort([Values(2, 3, 20)] int dimension, [Values(2, 40, 700, 1100)] int rows)
    {
        // Few distinct values, so that ties and copies are common.
        float[] points = [.. new RandomData(41).Normal(rows * dimension).Select(value => MathF.Round(value * 2) / 2)];
        int count = Math.Min(7, rows - 1);
        NeighborTable found = NearestNeighbors.Find(points, dimension, count);
        for (int r = 0; r < rows; r += Math.Max(1, rows / 50))
        {
            int row = r;
            (double Distance, int Index)[] expected =
            [
                .. Enumerable.Range(0, rows).Where(other => other != row)
                    .Select(other => (Distance: Distance(points, dimension, row, other), Index: other)).Order().Take(count),
            ];
            Assert.That(found.IndicesOf(r).ToArray(), Is.EqualTo(expected.Select(entry => entry.Index)), $"row {r}");
            Assert.That(found.DistancesOf(r).ToArray(), Is.EqualTo(expected.Select(entry => entry.Distance)).Within(1e-12));
        }
    }

    [Test]
    public void Asking_for_some_points_gives_the_same_as_asking_for_all()
    {
        float[] points = new RandomData(42).Normal(600 * 5);
        NeighborTable all = NearestNeighbors.Find(points, 5, 4), some = NearestNeighbors.Find(points, 5, 4, [599, 3]);
        Assert.That(some.IndicesOf(0).ToArray(), Is.EqualTo(all.IndicesOf(599).ToArray()));
        Assert.That(some.DistancesOf(1).ToArray(), Is.EqualTo(all.DistancesOf(3).ToArray()));
    }

    [Test]
    public void Label_fractions_of_a_worked_example()
    {
        // Points 0, 1, 2, 10, 11 on a line; two neighbours each; labels 1 1 0 0 1, so prior odds 3/2.
        NeighborTable found = NearestNeighbors.Find([0, 1, 2, 10, 11], 1, 2);
        double[] ratios = LabelFraction.LogRatios(found, [true, true, false, false, true]);
        double prior = Math.Log(1.5);
        double[] expected = [Math.Log(1) - prior, Math.Log(1) - prior, Math.Log(5) - prior, Math.Log(1) - prior, -Math.Log(5) - prior];
        Assert.That(ratios, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Too_many_neighbours_are_refused() =>
        Assert.That(() => NearestNeighbors.Find([1, 2, 3], 1, 3), Throws.ArgumentException.With.Message.Contains("at most 2"));

    private static double Distance(float[] points, int dimension, int a, int b) => Math.Sqrt(
        Enumerable.Range(0, dimension).Sum(j => Math.Pow((double)points[(a * dimension) + j] - points[(b * dimension) + j], 2)));
}
