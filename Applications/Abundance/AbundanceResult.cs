using FlowRatio.Applications.Statistics;

namespace FlowRatio.Applications.Abundance;

/// <summary>A run of the semi-synthetic protocol.</summary>
/// <param name="Roles">Role of each cluster.</param>
/// <param name="Scores">One entry per method, seed and level.</param>
/// <param name="Shown">The draw whose cells are shown.</param>
/// <param name="Seconds">Wall-clock time of the whole run.</param>
public sealed record AbundanceResult(
    IReadOnlyList<ClusterRole> Roles, IReadOnlyList<AbundanceScore> Scores, AbundanceDraw Shown, double Seconds)
{
    /// <summary>Per method and metric the mean over high levels and Spearman's correlation with the level, over seeds.</summary>
    /// <param name="highAbove">Levels above this one are averaged.</param>
    public IReadOnlyList<AbundanceSummary> Summaries(double highAbove) =>
    [
        .. Scores.GroupBy(score => score.Method).Select(group => new AbundanceSummary(
            group.Key,
            Summarise(group, highAbove, metrics => metrics.PrAuc),
            Summarise(group, highAbove, metrics => metrics.Nar),
            Summarise(group, highAbove, metrics => metrics.Csp),
            group.Sum(score => score.Seconds))),
    ];

    private static AbundanceSummary.Metric Summarise(
        IEnumerable<AbundanceScore> scores, double highAbove, Func<AbundanceMetrics, double> metric)
    {
        List<double> means = [], correlations = [];
        foreach (IGrouping<ulong, AbundanceScore> seed in scores.GroupBy(score => score.Seed))
        {
            AbundanceScore[] high = [.. seed.Where(score => score.Level > highAbove)];
            means.Add(high.Length == 0 ? double.NaN : high.Average(score => metric(score.Metrics)));
            correlations.Add(seed.Count() < 2
                ? double.NaN
                : RankCorrelation.Of([.. seed.Select(score => score.Level)], [.. seed.Select(score => metric(score.Metrics))]));
        }

        return new AbundanceSummary.Metric(MeanAndError.Of(means), MeanAndError.Of(correlations));
    }
}
