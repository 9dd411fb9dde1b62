using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Copies of rows stay on one side of every split.</summary>
public sealed class RowCopiesTests
{
    private const int Distinct = 200;
    private const int Times = 10;

    private static TrainingSet Copied { get; } = Create();

    [Test]
    public void Copies_are_counted() => Assert.That(Copied.Copies.Count, Is.EqualTo(Distinct * (Times - 1)));

    [Test]
    public void Copies_are_on_one_side_of_a_split([Values(0.05, 0.3)] double fraction)
    {
        RowSplit split = RowSplit.Create(Copied, fraction, 3);
        Assert.That(split.HeldOut, Has.Count.EqualTo((int)(Distinct * Times * fraction)));
        Assert.That(split.HeldOut.Select(row => row % Distinct).Intersect(split.Kept.Select(row => row % Distinct)), Is.Empty);
        Assert.That(RowSplit.Create(Copied, fraction, 3).HeldOut, Is.EqualTo(split.HeldOut), "a function of the rows and the seed");
    }

    [Test]
    public void Copies_are_in_one_fold_and_held_out_together()
    {
        int[] folds = StratifiedFolds.Assign(Copied.Categories(0), 5, 4, Copied.Copies);
        bool[] held = StratifiedFolds.HeldOut(Copied.Categories(0), 0.2, 4, Copied.Copies);
        for (int row = 0; row < folds.Length; row++)
        {
            Assert.That(folds[row], Is.EqualTo(folds[row % Distinct]));
            Assert.That(held[row], Is.EqualTo(held[row % Distinct]));
        }

        Assert.That(held.Count(value => value), Is.EqualTo(Distinct * Times / 5).Within(Times));
        Assert.That(folds.GroupBy(fold => fold).Select(fold => fold.Count()), Is.All.EqualTo(Distinct * Times / 5));
    }

    [Test]
    public void Without_copies_the_split_is_that_of_row_numbers()
    {
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("a", new RandomData(8).Normal(200)));
        Assert.That(set.Copies.Count, Is.Zero);
        Assert.That(RowSplit.Create(set, 0.2, 5).HeldOut, Is.EqualTo(RowSplit.Create(100, 0.2, 5).HeldOut));
    }

    [Test]
    public void A_frequent_value_is_split_like_any_rows()
    {
        // Counts: half of the rows are zero, and both sides need some.
        TrainingSet set = TrainingSet.FromClasses("c", 1, ("a", [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 0f : i)]));
        RowSplit split = RowSplit.Create(set, 0.5, 6);
        Assert.That(split.HeldOut.Count(row => row % 2 == 0), Is.EqualTo(100).Within(30));
    }

    private static TrainingSet Create()
    {
        float[] once = new RandomData(7).Normal(2 * Distinct);
        float[] points = [.. Enumerable.Repeat(once, Times).SelectMany(part => part)];
        int[] labels = [.. Enumerable.Range(0, Distinct * Times).Select(row => row % Distinct % 2)];
        return new TrainingSet(
            points, 2, new FlowRatio.Engine.Models.ConditionVocabulary(new FlowRatio.Engine.Models.CovariateVocabulary("c", ["a", "b"])), [labels]);
    }
}
