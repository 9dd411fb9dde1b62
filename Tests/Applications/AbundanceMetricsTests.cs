using FlowRatio.Applications.Abundance;
using FlowRatio.Applications.Statistics;

namespace FlowRatio.Tests.Applications;

/// <summary>Metrics and labels of the semi-synthetic protocol on examples computed by hand.</summary>
public sealed class AbundanceMetricsTests
{
    private const ClusterRole Same = ClusterRole.Unchanged, Up = ClusterRole.MoreTreated, Down = ClusterRole.MoreControl;

    [Test]
    public void Area_under_precision_and_recall_of_a_worked_example()
    {
        // By falling score: + - + + -. (recall, precision): (1/3, 1), (1/3, 1/2), (2/3, 2/3), (1, 3/4), (1, 3/5), from (0, 1):
        // 1/3 * 1 + 0 + 1/3 * (1/2 + 2/3)/2 + 1/3 * (2/3 + 3/4)/2.
        double area = PrecisionRecall.Area([5, 4, 3, 2, 1], [true, false, true, true, false]);
        Assert.That(area, Is.EqualTo((1 + ((1.0 / 2) + (2.0 / 3)) / 2 + ((2.0 / 3) + (3.0 / 4)) / 2) / 3).Within(1e-15));
    }

    [Test]
    public void Rows_of_one_score_pass_together()
    {
        // One step from (0, 1) to (1, 2/5): (1 + 0.4) / 2.
        Assert.That(PrecisionRecall.Area([1, 1, 1, 1, 1], [true, false, true, false, false]), Is.EqualTo(0.7).Within(1e-15));
        Assert.That(PrecisionRecall.Area([double.PositiveInfinity, double.PositiveInfinity, 1], [true, true, false]), Is.EqualTo(1));
    }

    [Test]
    public void Metrics_of_a_worked_example()
    {
        AbundanceMetrics metrics = AbundanceMetrics.Of([2, -1, 0, 3, 0.5, -0.5], [Up, Up, Down, Down, Same, Same]);
        Assert.Multiple(() =>
        {
            // Changed: |2|, |-1|, |0|, |3| with mean 1.5; unchanged 0.5. Signs: right, wrong, right (zero), wrong.
            Assert.That(metrics.Nar, Is.EqualTo(3).Within(1e-15));
            Assert.That(metrics.Csp, Is.EqualTo(0.5));

            // By falling |ratio|: + (3), + (2), + (1), - - (0.5, together), + (0): recall 1/4, 1/2, 3/4 at precision 1, then 3/4 at 3/5, 1 at 4/6.
            Assert.That(metrics.PrAuc, Is.EqualTo(0.75 + (0.25 * 0.5 * ((3.0 / 5) + (4.0 / 6)))).Within(1e-15));
        });
    }

    [Test]
    public void A_missing_ratio_or_a_missing_kind_of_cell_is_refused()
    {
        Assert.That(() => AbundanceMetrics.Of([1, double.NaN], [Up, Same]), Throws.ArgumentException.With.Message.Contains("cell 1"));
        Assert.That(() => AbundanceMetrics.Of([1, 2], [Up, Down]), Throws.ArgumentException.With.Message.Contains("2 of 2"));
    }

    [Test]
    public void Roles_by_size_are_second_and_third()
    {
        Assert.That(ClusterRoles.BySize([5, 90, 40, 0, 40, 7]), Is.EqualTo(new[] { Same, Same, Up, Same, Down, Same }));
        Assert.That(() => ClusterRoles.BySize([3, 0, 2]), Throws.ArgumentException.With.Message.Contains("2 clusters"));
        Assert.That(ClusterRoles.ByName(["a", "b", "c"], ["c"], ["a"]), Is.EqualTo(new[] { Down, Same, Up }));
        Assert.That(() => ClusterRoles.ByName(["a", "b"], ["x"], []), Throws.ArgumentException.With.Message.Contains("'x'"));
        Assert.That(() => ClusterRoles.ByName(["a", "b"], ["a"], ["b"]), Throws.ArgumentException.With.Message.Contains("No cluster keeps"));
    }

    [Test]
    public void Labels_have_the_shares_of_their_roles_and_repeat()
    {
        const int cells = 30_000;
        ClusterRole[] roles = [.. Enumerable.Range(0, cells).Select(i => (ClusterRole)(i % 3))];
        bool[] labels = SemiSyntheticLabels.Draw(roles, 0.3, 5, 2);
        foreach ((ClusterRole role, double share) in (ReadOnlySpan<(ClusterRole, double)>)[(Same, 0.5), (Up, 0.8), (Down, 0.2)])
        {
            double found = Enumerable.Range(0, cells).Where(i => roles[i] == role).Average(i => labels[i] ? 1.0 : 0);
            Assert.That(found, Is.EqualTo(share).Within(5 * Math.Sqrt(share * (1 - share) / (cells / 3.0))), role.ToString());
        }

        Assert.That(SemiSyntheticLabels.Draw(roles, 0.3, 5, 2), Is.EqualTo(labels));
        Assert.That(SemiSyntheticLabels.Draw(roles, 0.3, 5, 3), Is.Not.EqualTo(labels));
    }

    [Test]
    public void True_log_ratios_are_odds_over_prior_odds()
    {
        // 3 of 4 treated: prior log-odds ln 3; a cluster with P = 0.8 has ln 4.
        double[] truth = SemiSyntheticLabels.LogRatios([Up, Same, Down, Same], 0.3, [true, true, false, true]);
        Assert.That(truth, Is.EqualTo((double[])[Math.Log(4.0 / 3), -Math.Log(3), -Math.Log(12), -Math.Log(3)]).Within(1e-12));
    }

    [Test]
    public void Correlations_of_worked_examples()
    {
        Assert.That(LinearCorrelation.Of([1, 2, 3], [2, 4, 6.0]), Is.EqualTo(1).Within(1e-15));
        Assert.That(LinearCorrelation.Of([1, 2, 3], [1, 0, 1.0]), Is.Zero.Within(1e-15));
        Assert.That(RankCorrelation.Of([1, 2, 3, 4], [1, 10, 100, 50]), Is.EqualTo(0.8).Within(1e-15));
        Assert.That(RankCorrelation.Of([1, 2, 3], [1, double.NaN, double.NaN]), Is.NaN, "and it ends");
        Assert.That(RankCorrelation.Ranks([2, double.NaN, 1, double.NaN]), Is.EqualTo(new[] { 4, 1.5, 3, 1.5 }));
        MeanAndError mean = MeanAndError.Of([1, 2, 3]);
        Assert.That((mean.Mean, mean.Error), Is.EqualTo((2.0, Math.Sqrt(1.0 / 3))));
    }
}
