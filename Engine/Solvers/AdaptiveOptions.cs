namespace FlowRatio.Engine.Solvers;

/// <summary>Tolerances and limits of adaptive steps. There are no default tolerances: 1e-4 for both is a reasonable start.</summary>
/// <param name="RelativeTolerance">Relative to |x| per coordinate; positive.</param>
/// <param name="AbsoluteTolerance">Added to that; positive.</param>
public sealed record AdaptiveOptions(double RelativeTolerance, double AbsoluteTolerance)
{
    /// <summary>Steps, accepted and rejected, after which a trajectory is given up.</summary>
    public int StepLimit { get; init; } = 1000;

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
