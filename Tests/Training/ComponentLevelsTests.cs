using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Equal balls whose components fall into levels of abundance.</summary>
public sealed class ComponentLevelsTests
{
    private const int Rows = 6000;

    [Test]
    public void Merging_finds_the_grouping_that_every_grouping_is_compared_with([Values(1u, 2u, 3u)] uint seed, [Values] bool isCoded)
    {
        // Seven components of three levels; all 877 groupings are tried. K ln K, the same for all, is left out of the code.
        double[] rates = [0.1, 0.1, 0.5, 0.5, 0.5, 0.9, 0.9];
        float[] noise = new RandomData(seed).Normal(rates.Length);
        double[][] counts = [.. rates.Select((rate, k) =>
        {
            int rows = 300 + (100 * k);
            double treated = (rate * rows) + (Math.Sqrt(rate * (1 - rate) * rows) * noise[k]);
            return new[] { rows - treated, treated };
        })];
        double price = 0.5 * Math.Log(counts.Sum(count => count.Sum()));
        int[] best = Groupings(rates.Length).MaxBy(grouping => Score(counts, grouping, isCoded) - (price * (grouping.Max() + 1)))!;
        int[] found = ComponentLevels.Merge(counts, price, isCoded);
        Assert.That(Renumber(found), Is.EqualTo(best));
    }

    [Test]
    public void Components_of_three_conditions_merge_by_all_of_them()
    {
        double[][] counts = [[100, 100, 100], [50, 52, 48], [100, 10, 190], [10, 1, 19], [0, 100, 200], [0, 45, 105]];
        Assert.That(Renumber(ComponentLevels.Merge(counts, Math.Log(1000))), Is.EqualTo(new[] { 0, 0, 1, 1, 2, 2 }));
    }

    [Test]
    public void Rows_of_a_level_share_one_ratio_that_all_of_them_estimate()
    {
        // Uniform rows on a line; below 0.5 treatment has the probability 0.8, above it 0.4.
        (float[] control, float[] treated) = Draw(5, value => value < 0.5 ? 0.8 : 0.4);
        BaseFlow flow = Fit("levels:40", control, treated);
        double[] ratios = Ratios(flow);
        double share = (double)treated.Length / Rows, offset = Math.Log(share / (1 - share));
        foreach ((double ratio, int k) in ratios.Select((ratio, k) => (ratio, k)))
        {
            double centre = flow.Densities[0].Components[k].Mean[0];
            if (Math.Abs(centre - 0.5) > 0.05)
            {
                // Four standard errors of log-odds from half of the rows: 4 / sqrt(3000 x 0.16).
                double truth = centre < 0.5 ? Math.Log(0.8 / 0.2) : Math.Log(0.4 / 0.6);
                Assert.That(ratio, Is.EqualTo(truth - offset).Within(0.19), $"ball at {centre:F3}");
            }
        }

        Assert.That(ratios.Distinct(Rounded.Instance).Count(), Is.InRange(2, 4));
    }

    [Test]
    public void Labels_that_say_nothing_leave_one_level_and_a_ratio_of_zero()
    {
        (float[] control, float[] treated) = Draw(6, _ => 0.5);
        Assert.That(Ratios(Fit("levels", control, treated)), Is.All.EqualTo(0).Within(1e-3));
    }

    [Test]
    public void Free_levels_find_more_of_them_in_the_same_labels()
    {
        (float[] control, float[] treated) = Draw(6, value => value < 0.5 ? 0.6 : 0.4);
        int coded = Ratios(Fit("levels:200", control, treated)).Distinct(Rounded.Instance).Count();
        int free = Ratios(Fit("free-levels:200", control, treated)).Distinct(Rounded.Instance).Count();
        Assert.That(free, Is.GreaterThan(coded));
    }

    [Test]
    public void A_level_without_rows_of_a_condition_has_the_posterior_mean_of_its_log_ratio()
    {
        (float[] control, float[] treated) = Draw(7, value => value < 0.5 ? 1 : 0.5);
        double[] ratios = Ratios(Fit("levels:40", control, treated));

        // psi(3000 + 1/2) - psi(1/2) is the posterior mean of the log-odds of 3000 against none.
        double expected = Math.Log(3000) + 1.96351 - Math.Log((double)treated.Length / control.Length);
        Assert.That(ratios.Max(), Is.EqualTo(expected).Within(0.1));
    }

    [Test]
    public void A_dropped_covariate_has_the_whole_mixture()
    {
        (float[] control, float[] treated) = Draw(8, value => value < 0.5 ? 0.8 : 0.4);
        BaseFlow flow = BaseFitter.Fit(
            TrainingSet.FromClasses("arm", 1, ("a", control), ("b", treated)), BaseChoice.Parse("levels:40"), [0.2], 1);
        BaseDensity dropped = flow.Densities[flow.NumberOf(Condition.Empty(1))];
        Assert.That(
            dropped.Components.Select(component => component.Weight),
            Is.EqualTo(flow.Densities[0].Components.Select(component => component.Weight)).Within(1e-9));
    }

    [Test]
    public void Balls_are_equal_and_lie_where_the_rows_do()
    {
        float[] points = [.. new RandomData(9).Normal(2 * Rows).Select((value, i) => (0.1f * value) + (i / 2 % 4 * (i % 2 == 0 ? 1 : -1)))];
        BaseDensity balls = EqualBalls.Fit(points, 2, 4, 3, new ParallelOptions());
        Assert.Multiple(() =>
        {
            // Four clouds at (c, -c), of the standard deviation 0.1.
            Assert.That(balls.Components.Select(ball => Math.Round(ball.Mean[0])).Order(), Is.EqualTo(new[] { 0, 1, 2, 3 }));
            Assert.That(balls.Components.Select(ball => ball.Mean[0] + ball.Mean[1]), Is.All.EqualTo(0).Within(0.02));
            Assert.That(balls.Components.Select(ball => ball.Weight), Is.All.EqualTo(0.25).Within(1e-6));
            Assert.That(balls.Components.SelectMany(ball => ball.Blocks).SelectMany(block => block.Variances), Is.All.EqualTo(0.01).Within(3e-4));
        });
    }

    [Test]
    public void Equal_rows_and_fewer_rows_than_balls_are_no_trouble()
    {
        Assert.That(EqualBalls.Fit(new float[60], 2, 4, 1, new ParallelOptions()).Components, Is.Not.Empty);
        Assert.That(EqualBalls.Fit(new RandomData(4).Normal(6), 2, 8, 1, new ParallelOptions()).Components, Is.Not.Empty);
    }

    private static BaseFlow Fit(string choice, float[] control, float[] treated) =>
        BaseFitter.Fit(TrainingSet.FromClasses("arm", 1, ("control", control), ("treated", treated)), BaseChoice.Parse(choice), [0], 1);

    private static double[] Ratios(BaseFlow flow)
    {
        BaseDensity control = flow.Densities[flow.NumberOf(new Condition(0))], treated = flow.Densities[flow.NumberOf(new Condition(1))];
        return [.. treated.Components.Zip(control.Components, (above, below) => Math.Log(above.Weight / below.Weight))];
    }

    private static (float[] Control, float[] Treated) Draw(ulong seed, Func<float, double> probability)
    {
        var random = new RandomData(seed);
        float[] places = random.Uniform(Rows, 0, 1), labels = random.Uniform(Rows, 0, 1);
        ILookup<bool, float> arms = Enumerable.Range(0, Rows).ToLookup(r => labels[r] < probability(places[r]), r => places[r]);
        return ([.. arms[false]], [.. arms[true]]);
    }

    private static double Score(double[][] counts, int[] grouping, bool isCoded) => Enumerable.Range(0, grouping.Max() + 1).Sum(level =>
    {
        int[] members = [.. Enumerable.Range(0, counts.Length).Where(k => grouping[k] == level)];
        double[] sums = [.. counts[0].Select((_, c) => members.Sum(k => counts[k][c]))];
        return sums.Where(n => n > 0).Sum(n => n * Math.Log(n / sums.Sum())) + (isCoded ? members.Length * Math.Log(members.Length) : 0);
    });

    /// <summary>All groupings of so many things, as numbers of groups in order of appearance.</summary>
    private static IEnumerable<int[]> Groupings(int count) => count == 0
        ? [[]]
        : Groupings(count - 1).SelectMany(start => Enumerable.Range(0, start.DefaultIfEmpty(-1).Max() + 2), (start, group) => (int[])[.. start, group]);

    private static int[] Renumber(int[] levels)
    {
        List<int> seen = [.. levels.Distinct()];
        return [.. levels.Select(level => seen.IndexOf(level))];
    }

    private sealed class Rounded : IEqualityComparer<double>
    {
        public static readonly Rounded Instance = new();

        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-9;

        public int GetHashCode(double value) => 0;
    }
}
