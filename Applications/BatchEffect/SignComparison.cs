namespace FlowRatio.Applications.BatchEffect;

/// <summary>The score with the right and with the published scripts' sign of the correction term, along the numerator's velocity.</summary>
/// <param name="RightMeanAbsolute">Mean |score| with the right sign, in nats.</param>
/// <param name="WrongMeanAbsolute">Mean |score| with the other sign.</param>
/// <param name="RootMeanSquareDifference">Between the two, cell by cell.</param>
/// <param name="Correlation">Pearson correlation of the two.</param>
/// <param name="RightInformation">Mean score with the right sign.</param>
/// <param name="WrongInformation">Mean score with the other sign.</param>
/// <param name="WrongAboveBound">Share of cells above the bound -log P(batch | type) by more than 0.1 nats with the other sign.</param>
public sealed record SignComparison(
    double RightMeanAbsolute,
    double WrongMeanAbsolute,
    double RootMeanSquareDifference,
    double Correlation,
    double RightInformation,
    double WrongInformation,
    double WrongAboveBound);
