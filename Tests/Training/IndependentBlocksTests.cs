using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Blocks of coordinates between which rows show no dependence.</summary>
public sealed class IndependentBlocksTests
{
    private const int Rows = 12_000;

    [Test]
    public void Independent_coordinates_are_blocks_of_their_own()
    {
        double[][] columns = [.. Enumerable.Range(0, 12).Select(j => Uniform(Rows, 10 + (ulong)j))];
        Assert.That(Blocks(columns), Is.EqualTo(Enumerable.Range(0, 12).Select(j => new[] { j })));
    }

    [Test]
    public void Dependence_in_location_in_spread_and_across_is_found()
    {
        double[] a = Normal(1), b = Normal(2), c = Normal(3), d = Normal(4), e = Normal(5), f = Normal(6), g = Normal(7);
        double[][] columns =
        [
            a,
            c,
            [.. a.Zip(b, (x, y) => (0.1 * x) + y)],                       // 2: its mean depends on coordinate 0
            [.. c.Zip(d, (x, y) => y * Math.Exp(0.2 * Math.Abs(x)))],     // 3: its spread depends on that of coordinate 1
            e,
            [.. e.Zip(f, (x, y) => (0.1 * x * x) + y)],                   // 5: its mean depends on the square of coordinate 4
            g,
        ];
        Assert.That(Blocks(columns), Is.EqualTo(new[] { new[] { 0, 2 }, [1, 3], [4, 5], [6] }));
    }

    [Test]
    public void What_one_group_says_holds_for_all()
    {
        double[] a = Normal(1), b = Normal(2);
        float[] first = Interleave(a, b), second = Interleave(a, [.. a.Zip(b, (x, y) => x + y)]);
        var set = TrainingSet.FromClasses("c", 2, ("apart", first), ("together", second));
        Assert.Multiple(() =>
        {
            Assert.That(IndependentBlocks.Of(set), Has.Count.EqualTo(1));
            Assert.That(IndependentBlocks.Of(TrainingSet.FromClasses("c", 2, ("apart", first))), Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void Only_ranks_count()
    {
        double[] a = Normal(1), b = Normal(2), c = Normal(3);
        double[][] plain = [a, [.. a.Zip(b, (x, y) => x + (5 * y))], c];
        double[][] bent = [[.. plain[0].Select(x => Math.Exp(3 * x))], [.. plain[1].Select(Math.Cbrt)], [.. plain[2].Select(Math.Sinh)]];
        Assert.That(Blocks(bent), Is.EqualTo(Blocks(plain)));
    }

    [Test]
    public void Equal_values_share_a_rank()
    {
        // Half of each column is zero, as in counts; the order of rows must not make them dependent.
        double[] a = [.. Normal(1).Select(x => Math.Max(x, 0))], b = [.. Normal(2).Select(x => Math.Max(x, 0))];
        Array.Sort(a);
        Assert.That(Blocks(a, b), Has.Count.EqualTo(2));
    }

    [Test]
    public void Few_rows_say_nothing()
    {
        double[] a = [.. Normal(1).Take(9_999)], b = [.. Normal(2).Take(9_999)];
        Assert.That(Blocks(a, b), Is.EqualTo(new[] { new[] { 0, 1 } }));
    }

    private static double[] Normal(ulong seed) => [.. new RandomData(seed).Normal(Rows).Select(x => (double)x)];

    private static double[] Uniform(int rows, ulong seed) => [.. new RandomData(seed).Uniform(rows, -1, 1).Select(x => (double)x)];

    private static float[] Interleave(params double[][] columns) =>
        [.. Enumerable.Range(0, columns[0].Length).SelectMany(i => columns.Select(column => (float)column[i]))];

    private static IReadOnlyList<int[]> Blocks(params double[][] columns) =>
        IndependentBlocks.Of(Interleave(columns), columns.Length, [[.. Enumerable.Range(0, columns[0].Length)]]);
}
