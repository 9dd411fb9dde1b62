using FlowRatio.Applications.Statistics;

namespace FlowRatio.Applications.Abundance;

/// <summary>One method over all seeds and levels, as the published table has it.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="PrAuc">Area under precision against recall.</param>
/// <param name="Nar">Noise-adjusted ratio.</param>
/// <param name="Csp">Correct-sign proportion.</param>
/// <param name="Seconds">Wall-clock time of all its draws.</param>
public sealed record AbundanceSummary(
    string Method, AbundanceSummary.Metric PrAuc, AbundanceSummary.Metric Nar, AbundanceSummary.Metric Csp, double Seconds)
{
    /// <summary>One metric of a method.</summary>
    /// <param name="HighMean">Mean over high levels, over seeds.</param>
    /// <param name="Spearman">Rank correlation of metric and level per seed, over seeds.</param>
    public sealed record Metric(MeanAndError HighMean, MeanAndError Spearman);
}
