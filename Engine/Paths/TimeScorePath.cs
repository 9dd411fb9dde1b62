namespace FlowRatio.Engine.Paths;

/// <summary>
/// A path between a source density p (t = 0) and a target density q (t = 1) along which the time score d/dt log p_t(x) is learned, and
/// the weight lambda(t) of the loss. With independent x_0 ~ p, x_1 ~ q and noise eps ~ N(0, I):
/// <list type="bullet">
/// <item>two-sided (Schroedinger bridge): x_t = (1 - t) x_0 + t x_1 + sqrt(v2 t (1 - t)) eps;</item>
/// <item>one-sided (variance preserving): x_t = t x_1 + sqrt(1 - t^2) eps, where p must be N(0, I).</item>
/// </list>
/// Sources: Choi, Meng, Song, Ermon, "Density ratio estimation via infinitesimal classification" (2022) for the time score and its loss;
/// Yu et al., "Density ratio estimation with conditional probability paths" (2025) for the bridge, the conditional targets and the weights.
/// </summary>
public sealed record TimeScorePath
{
    // At the ends of the bridge the conditional density is a point mass; losses and integrals stop just short of them.
    private const double EndMargin = 1e-5;

    private readonly double factor = 1;

    private TimeScorePath(bool isTwoSided, double variance)
    {
        IsTwoSided = isTwoSided;
        Variance = variance;
        FirstTime = isTwoSided ? EndMargin : 0;
        LastTime = 1 - EndMargin;
    }

    /// <summary>The one-sided path; the source density is N(0, I).</summary>
    public static TimeScorePath OneSided { get; } = new(false, 1);

    /// <summary>Whether the path has samples at both ends.</summary>
    public bool IsTwoSided { get; }

    /// <summary>v2, variance constant of the two-sided path.</summary>
    public double Variance { get; }

    /// <summary>Which lambda(t).</summary>
    public TimeScoreWeighting Weighting { get; init; } = TimeScoreWeighting.ObjectiveVariance;

    /// <summary>
    /// c in <see cref="TimeScoreWeighting.ObjectiveVariance"/>: mean square of the displacement x_1 - x_0 per coordinate in units of v2
    /// (of x_1 for the one-sided path). 1 when nothing is known of the data, as published; any positive value gives a valid loss.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public double Factor
    {
        get => factor;
        init => factor = RequirePositive(value, nameof(Factor));
    }

    /// <summary>Smallest time of training and integration: 1e-5 two-sided, 0 one-sided.</summary>
    public double FirstTime { get; }

    /// <summary>Largest time of training and integration: 1 - 1e-5.</summary>
    public double LastTime { get; }

    /// <summary>The two-sided path.</summary>
    /// <param name="variance">v2 &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public static TimeScorePath TwoSided(double variance = 1) => new(true, RequirePositive(variance, nameof(variance)));

    /// <summary>The constants of the formulas, for code that is compiled for a device.</summary>
    public TimeScoreConstants Constants => new(IsTwoSided ? 2 : 1, Variance, Factor, Weighting);

    /// <inheritdoc cref="TimeScoreConstants.SourceCoefficient"/>
    public double SourceCoefficient(double t) => Constants.SourceCoefficient(t);

    /// <inheritdoc cref="TimeScoreConstants.NoiseVariance"/>
    public double NoiseVariance(double t) => Constants.NoiseVariance(t);

    /// <inheritdoc cref="TimeScoreConstants.Weight"/>
    public double Weight(double t) => Constants.Weight(t);

    /// <inheritdoc cref="TimeScoreConstants.WeightSlope"/>
    public double WeightSlope(double t) => Constants.WeightSlope(t);

    /// <inheritdoc cref="TimeScoreConstants.NoiseTarget"/>
    public double NoiseTarget(double t) => Constants.NoiseTarget(t);

    /// <inheritdoc cref="TimeScoreConstants.DisplacementTarget"/>
    public double DisplacementTarget(double t) => Constants.DisplacementTarget(t);

    private static double RequirePositive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a positive number is needed.");
}
