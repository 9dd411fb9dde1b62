namespace FlowRatio.Engine.Fields;

/// <summary>The field b along whose trajectory a log-ratio is tracked (docs/math.md); every choice has the same exact value.</summary>
public sealed class SimulatingField
{
    private readonly Func<int, IReadOnlyList<Condition>, IReadOnlyList<(Condition Condition, double Weight)>> terms;

    private SimulatingField(
        string name, Func<int, IReadOnlyList<Condition>, IReadOnlyList<(Condition Condition, double Weight)>> terms)
    {
        Name = name;
        this.terms = terms;
    }

    /// <summary>S1: the numerator's velocity.</summary>
    public static SimulatingField Numerator { get; } = new("s1", (_, pair) => [(pair[0], 1)]);

    /// <summary>S2: the velocity without any condition.</summary>
    public static SimulatingField Unconditional { get; } = new("s2", (covariates, _) => [(Condition.Empty(covariates), 1)]);

    /// <summary>S3: the mean of both velocities; exactly antisymmetric.</summary>
    public static SimulatingField Midpoint { get; } = new("s3", (_, pair) => [(pair[0], 0.5), (pair[1], 0.5)]);

    /// <summary>The denominator's velocity, mirror image of S1.</summary>
    public static SimulatingField Denominator { get; } = new("denominator", (_, pair) => [(pair[1], 1)]);

    /// <summary>Name in commands: s1, s2, s3, denominator or condition.</summary>
    public string Name { get; }

    /// <summary>The velocity of any condition.</summary>
    /// <param name="condition">The condition.</param>
    public static SimulatingField Of(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new SimulatingField("condition", (_, _) => [(condition, 1)]);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The conditions whose velocities make b, with their weights.</summary>
    /// <param name="covariates">Number of covariates of the flow.</param>
    /// <param name="pair">Numerator and denominator.</param>
    internal IReadOnlyList<(Condition Condition, double Weight)> Terms(int covariates, IReadOnlyList<Condition> pair) =>
        terms(covariates, pair);
}
