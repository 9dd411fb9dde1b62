namespace FlowRatio.Engine.Paths;

/// <summary>
/// The formulas of <see cref="PathSchedule"/> as pure functions of two constants: sigma_t^2 = (1 - (1 - sigma_min) t)^2 + kappa t (1 - t).
/// A plain value, so that kernels on a device compute with the same code.
/// </summary>
/// <param name="SigmaMin">sigma_min.</param>
/// <param name="PathNoise">kappa.</param>
public readonly record struct PathConstants(double SigmaMin, double PathNoise)
{
    /// <summary>sigma_t^2.</summary>
    /// <param name="t">Time in [0, 1].</param>
    public double SigmaSquared(double t)
    {
        double line = 1 - ((1 - SigmaMin) * t);
        return (line * line) + (PathNoise * t * (1 - t));
    }

    /// <summary>sigma_t.</summary>
    /// <param name="t">Time in [0, 1].</param>
    public double Sigma(double t) => Math.Sqrt(SigmaSquared(t));

    /// <summary>sigma_t sigma'_t, finite on all of [0, 1].</summary>
    /// <param name="t">Time in [0, 1].</param>
    public double SigmaSigmaPrime(double t) =>
        (-(1 - SigmaMin) * (1 - ((1 - SigmaMin) * t))) + (0.5 * PathNoise * (1 - (2 * t)));

    /// <summary>sigma'_t = (sigma sigma') / sigma; diverges at t = 1 for noise on the path.</summary>
    /// <param name="t">Time in [0, <see cref="PathSchedule.LatestTime"/>].</param>
    public double SigmaPrime(double t) => SigmaSigmaPrime(t) / Sigma(t);

    /// <summary>c_t = sigma_t^2 - t sigma_t sigma'_t, the factor in the marginal identity c_t s = t u - x.</summary>
    /// <param name="t">Time in [0, 1].</param>
    public double ScoreWeight(double t) => SigmaSquared(t) - (t * SigmaSigmaPrime(t));
}
