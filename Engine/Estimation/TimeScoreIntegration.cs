namespace FlowRatio.Engine.Estimation;

/// <summary>
/// How a time score is integrated. At a fixed point the log-ratio is a plain integral over t: panels with Gauss-Legendre nodes, doubled
/// for each point until two successive values agree. A panel rule, not one rule of high order, because networks with ELU have jumps in
/// their second derivative.
/// </summary>
public sealed record TimeScoreIntegration
{
    /// <summary>Nodes per panel.</summary>
    public const int NodesPerPanel = 8;

    /// <summary>Panels of the first, coarsest value.</summary>
    public const int FirstPanels = 2;

    /// <summary>Largest difference between the last two values, in nats; the finer one is kept.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Panels beyond which a point is given up (its best value stays, with the status ToleranceNotReached).</summary>
    public int LargestPanels { get; init; } = 128;

    /// <summary>Largest number of points per batch.</summary>
    public int ChunkRows { get; init; } = 1024;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!(Tolerance > 0) || !double.IsFinite(Tolerance))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Tolerance), Tolerance, $"Tolerance is {Tolerance}; a positive number of nats is needed.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(LargestPanels, 2 * FirstPanels);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkRows, 1);
    }
}
