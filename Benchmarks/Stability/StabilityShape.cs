namespace FlowRatio.Benchmarks.Stability;

/// <summary>What is awkward about a table.</summary>
public enum StabilityShape
{
    /// <summary>Two Gaussians whose means are 1.5 apart.</summary>
    Gaussian,

    /// <summary>Independent coordinates with Student's t, three degrees of freedom, means as far apart.</summary>
    HeavyTails,

    /// <summary>Poisson counts with means from 0.1 to 30.</summary>
    Counts,

    /// <summary>Gaussians whose means are 8 apart: hardly a point of one lies where the other has any.</summary>
    Separated,

    /// <summary>Gaussians, and one coordinate of one row is a million.</summary>
    OneOutlier,

    /// <summary>Gaussians of which every row is there ten times.</summary>
    DuplicatedRows,

    /// <summary>Gaussians beside a column that is always 3.</summary>
    ConstantColumn,

    /// <summary>Gaussians beside a column that is twice the first and one more.</summary>
    CollinearColumn,
}
