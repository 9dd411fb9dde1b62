using FlowRatio.Benchmarks.Published;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>The published value beside a row of ours.</summary>
internal static class PublishedCounterpart
{
    /// <summary>The value, or null if there is none.</summary>
    /// <param name="experiment">gaussian or mi.</param>
    /// <param name="row">Our row.</param>
    /// <param name="inPaper">For mi, whether the paper's value is wanted or the repository's newer one.</param>
    public static MeanError? Of(string experiment, GridRow row, bool inPaper = true)
    {
        PublishedSeries? series = experiment == "mi"
            ? PublishedResults.All.FindMutualInformation(row.Method, row.Schedule, inPaper)
            : PublishedResults.All.FindGaussian(row.Method, row.Schedule, row.Difficulty);
        IReadOnlyDictionary<int, double>? values = experiment == "mi" ? series?.AbsError : series?.Mse;

        // The published correlation is 0.8 (or so; see published.json); other correlations have no counterpart.
        return values is not null && values.TryGetValue(row.Dimension, out double value) && (experiment != "mi" || row.Difficulty == 0.8)
            ? new MeanError(value, series!.StdError?.GetValueOrDefault(row.Dimension, double.NaN) ?? double.NaN)
            : null;
    }
}
