using FlowRatio.Applications.Statistics;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>Area under the ROC curve.</summary>
public sealed class RocAucTests
{
    [Test]
    public void Perfect_reversed_and_constant_scores()
    {
        bool[] labels = [false, false, true, true, true];
        Assert.That(RocAuc.Of([1, 2, 3, 4, 5], labels), Is.EqualTo(1));
        Assert.That(RocAuc.Of([5, 4, 3, 2, 1], labels), Is.EqualTo(0));
        Assert.That(RocAuc.Of([7, 7, 7, 7, 7], labels), Is.EqualTo(0.5));
    }

    [Test]
    public void Infinite_scores_have_their_place() =>
        Assert.That(
            RocAuc.Of([double.NegativeInfinity, 0, 1, double.PositiveInfinity], [false, true, false, true]), Is.EqualTo(0.75));

    [Test]
    public void Is_the_share_of_pairs_in_order_with_ties_counted_half([Values(3, 30, 300)] int rows, [Values(2, 7, 100_000)] int levels)
    {
        var random = new RandomData(61);
        double[] scores = [.. random.Integers(rows, 0, levels).Select(level => (double)level)];
        bool[] labels = [.. random.Integers(rows, 0, 2).Select((bit, i) => i == 0 || (i > 1 && bit == 1))];
        double inOrder = 0;
        int pairs = 0;
        foreach (int i in Enumerable.Range(0, rows).Where(i => labels[i]))
        {
            foreach (int j in Enumerable.Range(0, rows).Where(j => !labels[j]))
            {
                inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                pairs++;
            }
        }

        // Half-integers are exact; one division is rounded.
        Assert.That(RocAuc.Of(scores, labels), Is.EqualTo(inOrder / pairs).Within(1e-15));
    }

    [Test]
    public void Does_not_change_under_an_increasing_map()
    {
        var random = new RandomData(62);
        double[] scores = [.. random.Normal(100).Select(value => (double)value)];
        bool[] labels = [.. random.Integers(100, 0, 2).Select(bit => bit == 1)];
        Assert.That(RocAuc.Of([.. scores.Select(Math.Exp)], labels), Is.EqualTo(RocAuc.Of(scores, labels)));
    }

    [Test]
    public void A_missing_class_or_score_is_refused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => RocAuc.Of([1, 2], [true, true]))!;
        Assert.That(exception.Message, Does.Contain("2 positive").And.Contain("0 negative"));
        exception = Assert.Throws<ArgumentException>(() => RocAuc.Of([1, double.NaN], [true, false]))!;
        Assert.That(exception.ParamName, Is.EqualTo("scores"));
    }

    [Test]
    public void Standard_error_is_that_of_Hanley_and_McNeil()
    {
        // Worked by hand: A = 0.8 gives Q1 = 2/3 and Q2 = 32/45; with 10 and 20 rows the variance is
        // (0.16 + 9 (2/3 - 0.64) + 19 (32/45 - 0.64)) / 200.
        double variance = (0.16 + (9 * ((2.0 / 3) - 0.64)) + (19 * ((32.0 / 45) - 0.64))) / 200;
        Assert.That(RocAuc.StandardError(0.8, 10, 20), Is.EqualTo(Math.Sqrt(variance)).Within(1e-15));
    }

    [TestCase(1)]
    [TestCase(0)]
    public void Rows_all_in_order_have_no_standard_error(double area) => Assert.That(RocAuc.StandardError(area, 10, 20), Is.NaN);

    [TestCase(1, 200, 0.05)]
    [TestCase(11, 19, 0.7616)]
    [TestCase(3000, 2000, 0.9985)]
    public void But_a_bound(int positives, int negatives, double expected)
    {
        // With an area of that size as many pairs as the smaller class has rows are all in order in one of twenty samples.
        double bound = RocAuc.SeparationBound(positives, negatives);
        Assert.That(bound, Is.EqualTo(expected).Within(5e-5));
        Assert.That(Math.Pow(bound, Math.Min(positives, negatives)), Is.EqualTo(0.05).Within(1e-12));
    }
}
