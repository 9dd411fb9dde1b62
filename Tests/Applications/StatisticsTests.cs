using FlowRatio.Applications;
using FlowRatio.Applications.Statistics;

namespace FlowRatio.Tests.Applications;

/// <summary>Tests over replicates, permutations and joined covariates.</summary>
public sealed class StatisticsTests
{
    [Test]
    public void Sign_flips_of_four_equal_replicates_reach_one_sixteenth_and_a_symmetric_statistic_one_eighth()
    {
        double[] values = [1, 2, 3, 4];
        (double p, double smallest) = SignFlips.Test(4, signs => signs.Select((sign, i) => sign * values[i]).Sum());
        Assert.That((p, smallest), Is.EqualTo((1.0 / 16, 1.0 / 16)));
        (p, smallest) = SignFlips.Test(4, signs => Math.Abs(signs.Select((sign, i) => sign * values[i]).Sum()));
        Assert.That((p, smallest), Is.EqualTo((1.0 / 8, 1.0 / 8)));
    }

    [Test]
    public void Sign_flips_of_many_replicates_are_drawn()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        (double p, _) = SignFlips.Test(40, signs => signs.Select((sign, i) => sign * values[i]).Sum(), 999);

        // A sum of zero is the middle of its distribution, which is symmetric and has an atom of 0.125 there.
        Assert.That(p, Is.EqualTo(0.5627).Within(5 * Math.Sqrt(0.25 / 1000)));
    }

    [Test]
    public void Label_loss_is_lowest_at_the_true_ratio()
    {
        // Three of four cells at 0 and one of four at 1 belong to the numerator; both labels are equally frequent.
        bool[] labels = [true, true, true, false, true, false, false, false];
        double[] Ratios(double value) => [.. Enumerable.Range(0, 8).Select(i => i < 4 ? value : -value)];
        double entropy = -((0.75 * Math.Log(0.75)) + (0.25 * Math.Log(0.25)));
        Assert.Multiple(() =>
        {
            Assert.That(LabelLoss.Of(Ratios(Math.Log(3)), labels), Is.EqualTo(entropy).Within(1e-12));
            Assert.That(LabelLoss.Of(Ratios(0), labels), Is.EqualTo(Math.Log(2)).Within(1e-12), "knowing nothing");
            Assert.That(LabelLoss.Of(Ratios(1000), labels), Is.EqualTo(250).Within(1e-9), "large ratios do not overflow");
            Assert.That(LabelLoss.Of([0, 0, 0], [true, true, false]), Is.EqualTo((2 * Math.Log(1.5) / 3) + (Math.Log(3) / 3)).Within(1e-12), "frequencies count");
            Assert.That(() => LabelLoss.Of([0, 0], [true, true]), Throws.ArgumentException.With.Message.Contains("both"));
        });
    }

    [Test]
    public void Bootstrap_interval_is_that_of_resampled_means()
    {
        BootstrapInterval interval = BootstrapInterval.Of([.. Enumerable.Range(0, 100).Select(i => i * 0.01)]);
        double error = Math.Sqrt(0.08325 / 100);
        Assert.That(interval.Mean, Is.EqualTo(0.495).Within(1e-12));
        Assert.That(interval.Low, Is.EqualTo(0.495 - (1.96 * error)).Within(0.15 * error));
        Assert.That(interval.High, Is.EqualTo(0.495 + (1.96 * error)).Within(0.15 * error));
        Assert.That(BootstrapInterval.Of([3.0]), Is.EqualTo(new BootstrapInterval(3, 3, 3)));
    }

    [Test]
    public void Permutations_keep_every_stratum_and_are_fair()
    {
        int[] strata = [0, 1, 0, 1, 0, 1], labels = [0, 0, 1, 1, 2, 2];
        var permutation = new LabelPermutation(strata);
        int[] counts = new int[6];
        for (int draw = 0; draw < 6000; draw++)
        {
            int[] permuted = permutation.Draw(labels, 3, draw);
            int[] first = [permuted[0], permuted[2], permuted[4]], second = [permuted[1], permuted[3], permuted[5]];
            Assert.That(first.Order(), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(second.Order(), Is.EqualTo(new[] { 0, 1, 2 }));
            counts[(first[0] * 2) + (first[1] > first[2] ? 1 : 0)]++;
        }

        // Six orders of three labels, 1000 each with standard deviation 29.
        Assert.That(counts, Is.All.EqualTo(1000).Within(5 * 29));
        int[] again = new LabelPermutation(strata).Draw(labels, 3, 7);
        Assert.That(again, Is.EqualTo(permutation.Draw(labels, 3, 7)));
    }

    [Test]
    public void Joined_covariates_have_the_combinations_that_occur()
    {
        var a = new CellCovariate("a", ["x", "y"], [0, 1, 1, 0]);
        var b = new CellCovariate("b", ["u", "v", "w"], [2, 0, 0, 1]);
        CellCovariate joined = CellCovariate.Join([a, b]);
        Assert.That(joined.Name, Is.EqualTo("a + b"));
        Assert.That(joined.Categories, Is.EqualTo(new[] { "x + v", "x + w", "y + u" }));
        Assert.That(joined.Codes, Is.EqualTo(new[] { 1, 2, 2, 0 }));
    }

    [Test]
    public void Principal_plane_of_a_line_has_all_variance_on_its_first_axis()
    {
        float[] points = [.. Enumerable.Range(0, 50).SelectMany(i => new[] { (float)i, 2 * i, -3 * i })];
        CellEmbedding plane = PrincipalPlane.Of(points, 3);
        for (int r = 0; r < 50; r++)
        {
            Assert.That(plane.Coordinates[(2 * r) + 1], Is.Zero.Within(1e-5));
            Assert.That(Math.Abs(plane.Coordinates[2 * r]), Is.EqualTo(Math.Sqrt(14) * Math.Abs(r - 24.5)).Within(1e-4));
        }
    }
}
