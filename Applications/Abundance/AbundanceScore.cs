namespace FlowRatio.Applications.Abundance;

/// <summary>One method on one draw.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Seed">Seed of the draw.</param>
/// <param name="Level">r.</param>
/// <param name="Metrics">The metrics; single ones are NaN where they are not defined.</param>
/// <param name="RootMeanSquareError">Against the true log-ratio, in nats; NaN at r = 1/2, where that is infinite.</param>
/// <param name="Correlation">Pearson correlation with the true log-ratio; NaN at r = 0 and 1/2.</param>
/// <param name="Missing">Cells without a finite log-ratio; a NaN counts as 0.</param>
/// <param name="Seconds">Wall-clock time of training and scoring.</param>
public sealed record AbundanceScore(
    string Method, ulong Seed, double Level, AbundanceMetrics Metrics, double RootMeanSquareError, double Correlation, int Missing, double Seconds);
