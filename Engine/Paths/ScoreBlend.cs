namespace FlowRatio.Engine.Paths;

/// <summary>
/// How much of a score is taken from the velocity: both heads know the score, one directly and one by the marginal identity
/// c_t s = t u - x, and their errors are not the same, so that a mean of both errs less than either. Near the data c_t goes to zero (without noise
/// there) and the identity tells nothing about s; the share falls to zero before.
/// A plain value, so that kernels on a device compute with the same code.
/// </summary>
/// <param name="Share">Share of the implied score away from the data, in [0, 1].</param>
public readonly record struct ScoreBlend(double Share)
{
    // Between these times the share falls, in a straight line. Later, errors of the velocity grow by t / c_t > 19 (deterministic schedule).
    private const double Falls = 0.75;
    private const double Gone = 0.95;

    /// <summary>The share of the implied score.</summary>
    /// <param name="t">Time in [0, 1].</param>
    public double Weight(double t)
    {
        double open = (Gone - t) / (Gone - Falls);
        return Share * (open < 0 ? 0 : open > 1 ? 1 : open);
    }
}
