namespace FlowRatio.Applications.Abundance;

/// <summary>A draw whose log-ratios are kept for pictures.</summary>
/// <param name="Seed">Seed of the draw.</param>
/// <param name="Level">r.</param>
/// <param name="IsTreated">Label of each cell.</param>
/// <param name="LogRatios">Log-ratio of each cell by each method.</param>
public sealed record AbundanceDraw(
    ulong Seed, double Level, IReadOnlyList<bool> IsTreated, IReadOnlyDictionary<string, IReadOnlyList<double>> LogRatios);
