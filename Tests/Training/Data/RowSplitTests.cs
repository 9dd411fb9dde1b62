using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Random splits of rows.</summary>
public sealed class RowSplitTests
{
    [Test]
    public void Every_row_is_on_exactly_one_side_in_ascending_order(
        [Values(1, 2, 7, 1000)] int rows, [Values(0, 0.05, 0.5, 0.99)] double fraction)
    {
        RowSplit split = RowSplit.Create(rows, fraction, 3);
        Assert.That(split.HeldOut, Has.Count.EqualTo((int)(rows * fraction)));
        Assert.That(split.Kept.Concat(split.HeldOut).Order(), Is.EqualTo(Enumerable.Range(0, rows)));
        Assert.That(split.Kept, Is.Ordered.Ascending);
        Assert.That(split.HeldOut, Is.Ordered.Ascending);
        Assert.That(split.Kept, Is.Not.Empty);
    }

    [Test]
    public void Depends_on_the_seed_alone()
    {
        RowSplit first = RowSplit.Create(200, 0.3, 1), again = RowSplit.Create(200, 0.3, 1), other = RowSplit.Create(200, 0.3, 2);
        Assert.That(again.HeldOut, Is.EqualTo(first.HeldOut));
        Assert.That(other.HeldOut, Is.Not.EqualTo(first.HeldOut));
    }

    [Test]
    public void Every_row_is_held_out_equally_often()
    {
        const int Rows = 20;
        int[] counts = new int[Rows];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            foreach (int row in RowSplit.Create(Rows, 0.25, seed).HeldOut)
            {
                counts[row]++;
            }
        }

        // Within a split the rows exclude each other, which makes the counts only more even than independent ones.
        Assert.That(Statistics.ChiSquareExcess(counts), Is.LessThan(Statistics.Limit));
    }

    [TestCase(0, 0.1, "rows", "0")]
    [TestCase(10, -0.1, "heldOutFraction", "-0.1")]
    [TestCase(10, 1, "heldOutFraction", "1")]
    public void Arguments_out_of_range_are_named_with_their_value(int rows, double fraction, string name, string value)
    {
        ArgumentOutOfRangeException exception =
            Assert.Throws<ArgumentOutOfRangeException>(() => RowSplit.Create(rows, fraction, 1))!;
        Assert.That(exception.ParamName, Is.EqualTo(name));
        Assert.That(exception.Message, Does.Contain(value));
    }

    [Test]
    public void A_split_is_the_same_behind_a_projection_that_makes_rows_alike()
    {
        // Behind it every second row is a copy, and so are pairs of pairs.
        float[] points = [.. Enumerable.Range(0, 400).SelectMany(i => (float[])[i / 2, i / 4])];
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("a", points));
        RowSplit before = RowSplit.Create(set, 0.1, 3);
        RowSplit behind = RowSplit.Create(set.WithPoints([.. Enumerable.Range(0, 400).Select(i => (float)(i / 4))], 1), 0.1, 3);
        Assert.That(behind.HeldOut, Is.EqualTo(before.HeldOut));
    }
}
