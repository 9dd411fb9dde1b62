namespace FlowRatio.Engine.Paths;

/// <summary>Weight lambda(t) of a time-score loss (see <see cref="TimeScorePath"/>).</summary>
public enum TimeScoreWeighting
{
    /// <summary>The variance of the path: v2 t (1 - t), or 1 - t^2.</summary>
    PathVariance,

    /// <summary>
    /// The inverse variance of the conditional time score given t, times the number of coordinates (Yu, Klami, Hyvaerinen, Korba, Chehab,
    /// "Density ratio estimation with conditional probability paths", 2025).
    /// </summary>
    ObjectiveVariance,

    /// <summary>1.</summary>
    Uniform,
}
