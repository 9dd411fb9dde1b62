using FlowRatio.Applications.Statistics;

namespace FlowRatio.Applications.Response;

/// <summary>Responses of all donors.</summary>
/// <param name="Donors">The donors.</param>
/// <param name="Groups">Groups of cells; empty if none are given.</param>
/// <param name="Strength">Mean strength over donors, interval by bootstrap over donors.</param>
/// <param name="Transfer">Mean transfer over donors, interval by bootstrap over donors; null with a single donor.</param>
/// <param name="P">
/// Permutation p-value of the mean transfer: treated and control exchanged within donors, every donor alike. Null with a single donor.
/// </param>
/// <param name="SmallestP">The smallest p-value that so many donors can give.</param>
/// <param name="Pearson">Correlation of log-ratio and cross-fitted log-odds over all cells.</param>
/// <param name="Spearman">Rank correlation of the same.</param>
/// <param name="PairPearson">Correlation of mean log-ratio and mean log-odds over pairs of donor and group (or donor and arm); NaN with fewer than three.</param>
/// <param name="PairSpearman">Rank correlation of the same.</param>
/// <param name="Ratios">Log-ratio of each cell; NaN where it is missing.</param>
/// <param name="Odds">Log-odds of each cell.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record ResponseResult(
    IReadOnlyList<DonorResponse> Donors,
    IReadOnlyList<GroupResponse> Groups,
    BootstrapInterval Strength,
    BootstrapInterval? Transfer,
    double? P,
    double? SmallestP,
    double Pearson,
    double Spearman,
    double PairPearson,
    double PairSpearman,
    IReadOnlyList<double> Ratios,
    IReadOnlyList<double> Odds,
    double Seconds);
