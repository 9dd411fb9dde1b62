namespace FlowRatio.Applications.Combination;

/// <summary>One pair (a, b) against (a, control), over the cells of both groups.</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
/// <param name="Cells">Cells of (a, b).</param>
/// <param name="ControlCells">Cells of (a, control).</param>
/// <param name="MeanAbsoluteRatio">Mean |log p(x | a, b) - log p(x | a, control)| in nats.</param>
/// <param name="MeanAbsoluteOdds">Mean |log-odds| of the cross-fitted classifier without the prior odds, in nats.</param>
/// <param name="MeanRatio">Mean log-ratio over the cells of (a, b): an estimate of the divergence from the control in nats.</param>
/// <param name="MeanOdds">The same of the classifier.</param>
/// <param name="Pearson">Correlation of log-ratio and log-odds over the cells.</param>
/// <param name="Spearman">Rank correlation over the cells.</param>
/// <param name="RatioAuc">Area under the ROC curve of the log-ratio for telling the groups apart.</param>
/// <param name="OddsAuc">The same of the classifier.</param>
/// <param name="RatioLoss">Mean of -log P(group | x) by the log-ratio, in nats: the lower of the two is closer to the truth in size as well.</param>
/// <param name="OddsLoss">The same of the classifier.</param>
/// <param name="Missing">Cells without a finite log-ratio; they are left out.</param>
public sealed record CombinationPair(
    string First,
    string Second,
    int Cells,
    int ControlCells,
    double MeanAbsoluteRatio,
    double MeanAbsoluteOdds,
    double MeanRatio,
    double MeanOdds,
    double Pearson,
    double Spearman,
    double RatioAuc,
    double OddsAuc,
    double RatioLoss,
    double OddsLoss,
    int Missing);
