using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// How trajectories are integrated. Without <see cref="Adaptive"/> or <see cref="Quadrature"/>: <see cref="Steps"/> equal steps of
/// <see cref="Tableau"/> with everything evaluated at each stage.
/// </summary>
public sealed record EstimationOptions
{
    /// <summary>The field along which a log-ratio is tracked; not used for log-densities.</summary>
    public SimulatingField Field { get; init; } = SimulatingField.Midpoint;

    /// <summary>The Runge-Kutta method.</summary>
    public ButcherTableau Tableau { get; init; } = ButcherTableau.RungeKutta4;

    /// <summary>Number of equal steps from the data to the noise.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Steps chosen per trajectory by these tolerances (Dopri5), in place of equal steps.</summary>
    public AdaptiveOptions? Adaptive { get; init; }

    /// <summary>Trajectory and quadrature apart, in place of stage-wise tracking.</summary>
    public QuadratureOptions? Quadrature { get; init; }

    /// <summary>How divergences are computed.</summary>
    public DivergenceMethod Divergence { get; init; } = DivergenceMethod.Hutchinson();

    /// <summary>When to keep, per point, the largest disagreement between score and velocity.</summary>
    public OverlapDiagnostic Overlap { get; init; } = OverlapDiagnostic.WhenFree;

    /// <summary>
    /// Share of each score that is taken from the velocity, by the marginal identity c_t s = t u - x, at times before 0.75; it falls to none at
    /// 0.95. Null for what the model says (<see cref="Models.FlowModel.ImpliedScore"/>: 0 for imported weights) or else suits the flow
    /// (<see cref="ConditionalFlow.ImpliedScore"/>): half for a network alone, none with a base or for a caller's flow.
    /// 0 is the published method. Not used for densities along their own velocity, which need no score.
    /// </summary>
    public double? ImpliedScore { get; init; }

    /// <summary>Seed of the probes.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Points that are computed together; bounds the memory and never changes a result. Null takes what the backend prefers
    /// (<see cref="Compute.ComputeBackend.PreferredRows"/>): 1,024 on a CPU, 65,536 on a GPU. Either way they are fewer where their workspace would be larger than
    /// the backend allows (<see cref="Compute.ComputeBackend.WorkspaceBytes"/>), on a GPU half of the free memory.
    /// </summary>
    public int? ChunkRows { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">Steps or rows below 1, a share outside [0, 1], tolerances not positive, or two ways of integration at once.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Field);
        ArgumentNullException.ThrowIfNull(Tableau);
        ArgumentNullException.ThrowIfNull(Divergence);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkRows ?? 1, 1, nameof(ChunkRows));
        if (ImpliedScore is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(ImpliedScore), ImpliedScore, $"ImpliedScore is {ImpliedScore}; a share between 0 and 1 is needed.");
        }

        Adaptive?.Validate();
        if (Quadrature is not null)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(Quadrature.StepsBetweenNodes, 1);
            if (Quadrature.Tolerance is not null && !Divergence.IsExact && Divergence.Probes < 2)
            {
                throw new ArgumentException(
                    $"Quadrature to a tolerance needs an exact divergence or at least 2 probe sequences, not {Divergence.Probes}: "
                    + "with one, agreement of two rules says nothing about the probes' error.",
                    nameof(Divergence));
            }

            if (Adaptive is not null)
            {
                throw new ArgumentException("Adaptive and Quadrature are two ways of integration; choose one.", nameof(Adaptive));
            }
        }
    }
}
