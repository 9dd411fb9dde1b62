namespace FlowRatio.Engine.Estimation;

/// <summary>
/// Trajectory and quadrature apart: x(t) follows the simulating velocity alone, and the expensive integrand is evaluated only at
/// Gauss-Legendre nodes. Exactly one of <see cref="Nodes"/> and <see cref="Tolerance"/> decides how many.
/// </summary>
public sealed record QuadratureOptions
{
    private QuadratureOptions(int nodes, double? tolerance, int largestNodes)
    {
        Nodes = nodes;
        Tolerance = tolerance;
        LargestNodes = largestNodes;
    }

    /// <summary>Number of nodes; with a tolerance, the smallest number.</summary>
    public int Nodes { get; }

    /// <summary>Requested accuracy in nats, or null.</summary>
    public double? Tolerance { get; }

    /// <summary>Number of nodes beyond which a requested accuracy is given up.</summary>
    public int LargestNodes { get; }

    /// <summary>Runge-Kutta steps between neighbouring nodes.</summary>
    public int StepsBetweenNodes { get; init; } = 1;

    /// <summary>A fixed number of nodes.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static QuadratureOptions WithNodes(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        return new QuadratureOptions(nodes, null, nodes);
    }

    /// <summary>
    /// Doubles the nodes (and with them the probes) of each point until its values with n and with n/2 nodes differ by no more than the
    /// tolerance and, with probes, its standard error is no larger either; a point that never gets there keeps its best value with the status <see cref="Solvers.SolveStatus.ToleranceNotReached"/>.
    /// </summary>
    /// <param name="tolerance">Accuracy in nats.</param>
    /// <param name="largestNodes">Where to give up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not positive, or fewer than 8 nodes are allowed.</exception>
    public static QuadratureOptions ToTolerance(double tolerance, int largestNodes = 64)
    {
        if (!(tolerance > 0) || !double.IsFinite(tolerance))
        {
            throw new ArgumentOutOfRangeException(
                nameof(tolerance), tolerance, $"tolerance is {tolerance}; a positive number of nats is needed.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(largestNodes, 8);
        return new QuadratureOptions(4, tolerance, largestNodes);
    }
}
