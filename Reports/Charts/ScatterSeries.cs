namespace FlowRatio.Reports.Charts;

/// <summary>Points of one series.</summary>
/// <param name="Style">Its look.</param>
/// <param name="X">One value per point.</param>
/// <param name="Y">One value per point.</param>
public sealed record ScatterSeries(SeriesStyle Style, IReadOnlyList<double> X, IReadOnlyList<double> Y);
