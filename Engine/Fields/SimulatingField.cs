namespace FlowRatio.Engine.Fields;

/// <summary>The field b along whose trajectory a log-ratio is tracked (docs/math.md); every choice has the same exact value.</summary>
public sealed class SimulatingField
{
    private readonly Func<int, IReadOnlyList<Condition>, IReadOnlyList<(Condition Condition, double Weight)>> terms;

    private SimulatingField(
        string name,
        Func<int, IReadOnlyList<Condition>, IReadOnlyList<(Condition Condition, double Weight)>> terms,
        CallerVelocity? velocity = null)
    {
        Name = name;
        this.terms = terms;
        Velocity = velocity;
    }

    /// <summary>S1: the numerator's velocity.</summary>
    public static SimulatingField Numerator { get; } = new("s1", (_, pair) => [(pair[0], 1)]);

    /// <summary>S2: the velocity without any condition.</summary>
    public static SimulatingField Unconditional { get; } = new("s2", (covariates, _) => [(Condition.Empty(covariates), 1)]);

    /// <summary>
    /// S3: the mean of both velocities; exactly antisymmetric. With several denominators, half the numerator's velocity and half the
    /// mean of theirs.
    /// </summary>
    public static SimulatingField Midpoint { get; } = new(
        "s3",
        (_, all) => [(all[0], 0.5), .. all.Skip(1).Select(condition => (condition, 0.5 / (all.Count - 1)))]);

    /// <summary>The (first) denominator's velocity, mirror image of S1.</summary>
    public static SimulatingField Denominator { get; } = new("denominator", (_, pair) => [(pair[1], 1)]);

    /// <summary>Name in commands: s1, s2, s3, denominator, condition or caller.</summary>
    public string Name { get; }

    /// <summary>The velocity of any condition.</summary>
    /// <param name="condition">The condition.</param>
    public static SimulatingField Of(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new SimulatingField("condition", (_, _) => [(condition, 1)]);
    }

    /// <summary>A velocity of the caller's own, in the units of the data; any field gives the same exact ratio.</summary>
    /// <param name="velocity">Computes the field.</param>
    public static SimulatingField Of(CallerVelocity velocity)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        return new SimulatingField("caller", (_, _) => [], velocity);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The caller's velocity; null for fields made of the flow's own.</summary>
    internal CallerVelocity? Velocity { get; }

    /// <summary>The conditions whose velocities make b, with their weights.</summary>
    /// <param name="covariates">Number of covariates of the flow.</param>
    /// <param name="tracked">Numerator, then denominators.</param>
    internal IReadOnlyList<(Condition Condition, double Weight)> Terms(int covariates, IReadOnlyList<Condition> tracked) =>
        terms(covariates, tracked);
}
