namespace FlowRatio.Applications.Combination;

/// <summary>All pairs, and how log-ratios and log-odds agree over them.</summary>
/// <param name="Pairs">The pairs, in the order of their names.</param>
/// <param name="LeftOut">Pairs that exist but have too few cells.</param>
/// <param name="Pearson">Correlation over pairs of mean |log-ratio| and mean |log-odds|; NaN with fewer than three pairs.</param>
/// <param name="Spearman">Rank correlation of the same.</param>
/// <param name="PearsonOfLogarithms">Correlation of ln mean |log-ratio| and mean |log-odds|, as the published figure is drawn.</param>
/// <param name="CellPearson">Correlation over all cells of all pairs.</param>
/// <param name="CellSpearman">Rank correlation over all cells of all pairs.</param>
/// <param name="Points">Log-ratio and log-odds of cells with the number of their pair, for pictures.</param>
/// <param name="CellRatios">Log-ratio of each cell of a (a, b) in its own pair, by cell number; NaN for others.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record CombinationResult(
    IReadOnlyList<CombinationPair> Pairs,
    IReadOnlyList<string> LeftOut,
    double Pearson,
    double Spearman,
    double PearsonOfLogarithms,
    double CellPearson,
    double CellSpearman,
    IReadOnlyList<(int Pair, double Ratio, double Odds)> Points,
    IReadOnlyList<double> CellRatios,
    double Seconds);
