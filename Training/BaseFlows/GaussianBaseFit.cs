using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Training.BaseFlows;

/// <summary>One Gaussian per group of rows: means of their own, covariances of their own or one for all, whichever the BIC prefers.</summary>
/// <param name="Densities">One per group.</param>
/// <param name="Summary">Structures in words.</param>
internal sealed record GaussianBaseFit(IReadOnlyList<BaseDensity> Densities, string Summary)
{
    // Variances below this share of the mean variance are raised: a standard deviation of a hundredth.
    public const double RelativeFloor = 1e-4;

    // Where nothing varies at all: its inverse, and that times a coordinate, are still numbers in float32.
    public const double SmallestVariance = 1e-12;

    /// <summary>Fits all groups.</summary>
    public static GaussianBaseFit Of(IReadOnlyList<RowMoments> groups)
    {
        double rows = groups.Sum(group => group.Count);
        double floor = Floor(groups);
        CovarianceFit[] own = [.. groups.Select(group => CovarianceFit.Choose(group, rows, floor))];
        CovarianceFit tied = CovarianceFit.Choose(RowMoments.Within(groups), rows, floor);
        bool isTied = groups.Count > 1 && tied.Criterion(rows) <= own.Sum(fit => fit.Criterion(rows));
        BaseDensity[] densities =
        [
            .. groups.Select((group, i) => new BaseDensity(new GaussianComponent(1, group.Mean, (isTied ? tied : own[i]).Blocks))),
        ];
        string summary = isTied
            ? $"gaussian, one {Name(tied)} covariance"
            : "gaussian, " + string.Join(", ", own.GroupBy(Name).Select(same => $"{same.Count()} {same.Key}"));
        return new GaussianBaseFit(densities, summary);
    }

    /// <summary>Smallest variance along any direction.</summary>
    public static double Floor(IReadOnlyList<RowMoments> groups)
    {
        RowMoments within = RowMoments.Within(groups);
        double mean = Enumerable.Range(0, within.Dimension).Average(i => within.Covariance[(i * within.Dimension) + i]);
        return Math.Max(RelativeFloor * mean, SmallestVariance);
    }

    private static string Name(CovarianceFit fit)
    {
        string name = fit.Structure.ToString().ToLowerInvariant();
        return fit.Structure == CovarianceStructure.Block ? $"{name} ({fit.Blocks.Count} blocks)" : name;
    }
}
