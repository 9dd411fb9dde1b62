using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Tables;

/// <summary>Which columns number the rows, and which are measurements.</summary>
public sealed class RowNumberTestTests
{
    private static readonly int[] Shuffled = [.. Enumerable.Range(0, 300).OrderBy(i => (i * 7919) % 307)];

    [Test]
    public void Numbers_of_rows_are_told_in_order_shuffled_and_filtered()
    {
        Assert.Multiple(() =>
        {
            Assert.That(NumbersRows([1, 2, 3, 4, 5]), "from 1");
            Assert.That(NumbersRows([0, 1, 2, 3, 4]), "from 0");
            Assert.That(NumbersRows([4, 0, 3, 1, 2]), "shuffled");
            Assert.That(NumbersRows([3, 17, 18, 40, 1000]), "a part in order");
            Assert.That(NumbersRows(Shuffled.Select(i => (double)i)), "all, shuffled");
            Assert.That(NumbersRows(Shuffled.Where(i => i % 3 != 0).Select(i => i + 50.0)), "a part, shuffled");
        });
    }

    [Test]
    public void Measurements_are_none()
    {
        float[] noise = new RandomData(3).Normal(300);
        Assert.Multiple(() =>
        {
            Assert.That(NumbersRows([1, 2, 3, 4]), Is.False, "too few to tell");
            Assert.That(NumbersRows(noise.Select(value => (double)value)), Is.False, "decimals");
            Assert.That(NumbersRows(noise.Select(value => Math.Round(100 * value))), Is.False, "whole numbers, some twice");
            Assert.That(NumbersRows([1, 2, 3, 3, 5]), Is.False, "one twice");
            Assert.That(NumbersRows([904, 17, 18122, 3, 5551, 12]), Is.False, "different, but in a wide range");
            Assert.That(NumbersRows([1.5, 2.5, 3.5, 4.5, 5.5]), Is.False);
        });
    }

    private static bool NumbersRows(IEnumerable<double> values)
    {
        var test = new RowNumberTest();
        foreach (double value in values)
        {
            test.Add(value);
        }

        return test.NumbersRows;
    }
}
