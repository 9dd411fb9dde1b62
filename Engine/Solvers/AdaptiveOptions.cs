namespace FlowRatio.Engine.Solvers;

/// <summary>
/// Tolerances and limits of adaptive steps. There are no default tolerances; 1e-3 for both is a reasonable start. With exact divergences
/// the absolute one is also that of the reported value, in nats: the status is converged where its estimated integration error is within
/// it, and the error itself was never seen to be more than five times as large. In single precision 3e-5 is the best there is, and below
/// it the status is <see cref="SolveStatus.ToleranceNotReached"/>. With probes both speak of the point alone, and
/// <see cref="Estimation.EstimationResult.StandardErrors"/> of the probes' error.
/// </summary>
/// <param name="RelativeTolerance">Relative to |x| per coordinate; positive.</param>
/// <param name="AbsoluteTolerance">Added to that; positive.</param>
public sealed record AdaptiveOptions(double RelativeTolerance, double AbsoluteTolerance)
{
    /// <summary>
    /// Steps, accepted and rejected, after which a trajectory is given up. After half of them the reported value no longer steers: it comes with
    /// <see cref="SolveStatus.ToleranceNotReached"/>.
    /// </summary>
    public int StepLimit { get; init; } = 10_000;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is not positive and finite, or no step is allowed.</exception>
    public void Validate()
    {
        RequirePositive(RelativeTolerance, nameof(RelativeTolerance));
        RequirePositive(AbsoluteTolerance, nameof(AbsoluteTolerance));
        ArgumentOutOfRangeException.ThrowIfLessThan(StepLimit, 1);
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a positive number is needed (for instance 1e-4).");
        }
    }
}
