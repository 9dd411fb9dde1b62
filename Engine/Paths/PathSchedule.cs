namespace FlowRatio.Engine.Paths;

/// <summary>
/// A Gaussian path x_t = t x_1 + sigma_t eps from N(0, I) at t = 0 to the data at t = 1, of the two-parameter family
/// sigma_t^2 = (1 - (1 - sigma_min) t)^2 + kappa t (1 - t). See docs/math.md.
/// </summary>
public sealed record PathSchedule
{
    // Without noise at the data sigma vanishes at t = 1; targets divide by it, so sampling stops just short.
    private const double LatestTimeWithoutDataNoise = 1 - 1e-5;

    private PathSchedule(string name, double sigmaMin, double pathNoise)
    {
        Name = name;
        SigmaMin = sigmaMin;
        PathNoise = pathNoise;
        LatestTime = sigmaMin > 0 ? 1 : LatestTimeWithoutDataNoise;
    }

    /// <summary>Schedule I: straight paths, a point mass at the data.</summary>
    public static PathSchedule Deterministic { get; } = new("deterministic", 0, 0);

    /// <summary>The schedule's name in commands: deterministic, data-noise, path-noise or general.</summary>
    public string Name { get; }

    /// <summary>sigma_min: width of the Gaussian around each data point at t = 1.</summary>
    public double SigmaMin { get; }

    /// <summary>kappa: variance constant of the Brownian-bridge noise on the path.</summary>
    public double PathNoise { get; }

    /// <summary>Largest time at which targets are formed: 1, or 1 - 1e-5 where sigma_1 = 0; earlier after <see cref="Until"/>.</summary>
    public double LatestTime { get; private init; }

    /// <summary>Schedule II: Gaussian noise of width sigma_min at the data; ratios are those of the smoothed densities.</summary>
    /// <param name="sigmaMin">sigma_min &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public static PathSchedule NoiseAtData(double sigmaMin) =>
        new("data-noise", RequirePositive(sigmaMin, nameof(sigmaMin)), 0);

    /// <summary>Schedule III: Brownian-bridge noise on the path; sigma' diverges like (1 - t)^(-1/2) at t = 1.</summary>
    /// <param name="pathNoise">kappa &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public static PathSchedule NoiseOnPath(double pathNoise) =>
        new("path-noise", 0, RequirePositive(pathNoise, nameof(pathNoise)));

    /// <summary>Any member of the family.</summary>
    /// <param name="sigmaMin">sigma_min &gt;= 0.</param>
    /// <param name="pathNoise">kappa &gt;= 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public static PathSchedule General(double sigmaMin, double pathNoise) =>
        new("general", RequireNonNegative(sigmaMin, nameof(sigmaMin)), RequireNonNegative(pathNoise, nameof(pathNoise)));

    /// <summary>The same path with targets up to a time only.</summary>
    /// <param name="time">In (0, 1]; a time after <see cref="LatestTime"/> changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not in (0, 1].</exception>
    public PathSchedule Until(double time) => time is > 0 and <= 1
        ? this with { LatestTime = Math.Min(LatestTime, time) }
        : throw new ArgumentOutOfRangeException(nameof(time), time, $"time is {time}; a number in (0, 1] is needed.");

    /// <summary>The constants of the formulas, for code that is compiled for a device.</summary>
    public PathConstants Constants => new(SigmaMin, PathNoise);

    /// <inheritdoc cref="PathConstants.SigmaSquared"/>
    public double SigmaSquared(double t) => Constants.SigmaSquared(t);

    /// <inheritdoc cref="PathConstants.Sigma"/>
    public double Sigma(double t) => Constants.Sigma(t);

    /// <inheritdoc cref="PathConstants.SigmaSigmaPrime"/>
    public double SigmaSigmaPrime(double t) => Constants.SigmaSigmaPrime(t);

    /// <inheritdoc cref="PathConstants.SigmaPrime"/>
    public double SigmaPrime(double t) => Constants.SigmaPrime(t);

    /// <inheritdoc cref="PathConstants.ScoreWeight"/>
    public double ScoreWeight(double t) => Constants.ScoreWeight(t);

    private static double RequirePositive(double value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return RequireNonNegative(value, name);
    }

    private static double RequireNonNegative(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a finite number is needed.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        return value;
    }
}
