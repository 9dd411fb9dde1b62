using System.Globalization;
using FlowRatio.Applications.Abundance;

namespace FlowRatio.Applications.Pages;

/// <summary>
/// The published table of the semi-synthetic protocol (arXiv 2602.24201): PBMC68k, 65,877 cells in four clusters, 20 principal components,
/// means over r = 0.4, 0.45, 0.5 of three runs.
/// </summary>
internal static class PublishedAbundance
{
    /// <summary>Cells of the published data: with as many in four clusters the protocol is the same.</summary>
    public const int Cells = 65_877;

    /// <summary>Clusters of the published data.</summary>
    public const int Clusters = 4;

    /// <summary>Per method the means of PR-AUC, NAR and CSP, and their rank correlations with the level.</summary>
    public static IReadOnlyList<(string Method, AbundanceMetrics Means, AbundanceMetrics Spearman)> Table { get; } =
    [
        ("MrVI", new(0.885, 7.33, 0.975), new(0.714, 0.833, 0.675)),
        ("MELD", new(0.933, 6.45, 0.996), new(0.476, 0.167, 0.268)),
        ("flow, deterministic", new(0.952, 9.65, 0.982), new(1.000, 1.000, 0.952)),
        ("flow, noise at data 0.1", new(0.958, 11.39, 0.980), new(0.992, 1.000, 0.952)),
        ("flow, noise on path 0.01", new(0.950, 9.40, 0.984), new(0.992, 0.984, 0.976)),
    ];

    /// <summary>A number of the table as printed.</summary>
    public static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
