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

    /// <summary>Coefficient of x_0 in x_t: 1 - t, or 0 (that of x_1 is t).</summary>
    /// <param name="t">Time.</param>
    public double SourceCoefficient(double t) => IsTwoSided ? 1 - t : 0;

    /// <summary>Variance of x_t given both ends: v2 t (1 - t), or 1 - t^2.</summary>
    /// <param name="t">Time.</param>
    public double NoiseVariance(double t) => IsTwoSided ? Variance * t * (1 - t) : (1 - t) * (1 + t);

    /// <summary>lambda(t).</summary>
    /// <param name="t">Time.</param>
    public double Weight(double t)
    {
        double a = Spread(t);
        return Weighting switch
        {
            TimeScoreWeighting.PathVariance => NoiseVariance(t),
            TimeScoreWeighting.ObjectiveVariance => (IsTwoSided ? 2 : 1) * a * a / Denominator(t),
            _ => 1,
        };
    }

    /// <summary>lambda'(t).</summary>
    /// <param name="t">Time.</param>
    public double WeightSlope(double t)
    {
        double slope = IsTwoSided ? 1 - (2 * t) : -2 * t;
        switch (Weighting)
        {
            case TimeScoreWeighting.PathVariance:
                return Variance * slope;
            case TimeScoreWeighting.ObjectiveVariance:
                // (2) a^2 / D with a' = slope and D' = slope (2c - 4), or slope (c - 2).
                double a = Spread(t), d = Denominator(t);
                double slopeOfD = slope * (IsTwoSided ? (2 * Factor) - 4 : Factor - 2);
                return (IsTwoSided ? 2 : 1) * a * ((2 * slope * d) - (a * slopeOfD)) / (d * d);
            default:
                return 0;
        }
    }

    /// <summary>
    /// Coefficient of eps_j^2 - 1 in sqrt(lambda) times the conditional time score of coordinate j, for
    /// <see cref="TimeScoreWeighting.ObjectiveVariance"/>: finite at both ends.
    /// </summary>
    /// <param name="t">Time.</param>
    public double NoiseTarget(double t) =>
        (IsTwoSided ? (1 - (2 * t)) * Math.Sqrt(0.5) : -t) / Math.Sqrt(Denominator(t));

    /// <summary>Coefficient of eps_j (x_1 - x_0)_j (of eps_j x_1,j for the one-sided path) in the same product.</summary>
    /// <param name="t">Time.</param>
    public double DisplacementTarget(double t) =>
        Math.Sqrt((IsTwoSided ? 2 / Variance : 1) * Spread(t) / Denominator(t));

    // a(t) = t (1 - t), or 1 - t^2: the variance of the path without its constant.
    private double Spread(double t) => IsTwoSided ? t * (1 - t) : (1 - t) * (1 + t);

    // Variance of the conditional time score times a(t)^2, up to a constant.
    private double Denominator(double t) => IsTwoSided
        ? ((1 - (2 * t)) * (1 - (2 * t))) + (2 * Factor * t * (1 - t))
        : (2 * t * t) + (Factor * (1 - t) * (1 + t));

    private static double RequirePositive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a positive number is needed.");
}
