namespace FlowRatio.Engine.Paths;

/// <summary>
/// The formulas of <see cref="TimeScorePath"/> as pure functions of a few constants: a plain value, so that kernels on a device compute with
/// the same code.
/// </summary>
/// <param name="Sides">2 for the two-sided path, 1 for the one-sided.</param>
/// <param name="Variance">v2, variance constant of the two-sided path.</param>
/// <param name="Factor">c of <see cref="TimeScoreWeighting.ObjectiveVariance"/>.</param>
/// <param name="Weighting">Which lambda(t).</param>
public readonly record struct TimeScoreConstants(int Sides, double Variance, double Factor, TimeScoreWeighting Weighting)
{
    /// <summary>Whether the path has samples at both ends.</summary>
    public bool IsTwoSided => Sides == 2;

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
        if (Weighting == TimeScoreWeighting.PathVariance)
        {
            return NoiseVariance(t);
        }

        return Weighting == TimeScoreWeighting.ObjectiveVariance ? Sides * a * a / Denominator(t) : 1;
    }

    /// <summary>lambda'(t).</summary>
    /// <param name="t">Time.</param>
    public double WeightSlope(double t)
    {
        double slope = IsTwoSided ? 1 - (2 * t) : -2 * t;
        if (Weighting == TimeScoreWeighting.PathVariance)
        {
            return Variance * slope;
        }

        // Sides a^2 / D with a' = slope and D' = slope (2c - 4), or slope (c - 2).
        double a = Spread(t), d = Denominator(t);
        double slopeOfD = slope * (IsTwoSided ? (2 * Factor) - 4 : Factor - 2);
        return Weighting == TimeScoreWeighting.ObjectiveVariance
            ? Sides * a * ((2 * slope * d) - (a * slopeOfD)) / (d * d)
            : 0;
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
}
