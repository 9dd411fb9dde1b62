using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>How trajectories are integrated.</summary>
public sealed record EstimationOptions
{
    /// <summary>The field along which a log-ratio is tracked; not used for log-densities.</summary>
    public SimulatingField Field { get; init; } = SimulatingField.Midpoint;

    /// <summary>The Runge-Kutta method.</summary>
    public ButcherTableau Tableau { get; init; } = ButcherTableau.RungeKutta4;

    /// <summary>Number of equal steps from the data to the noise.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>How divergences are computed.</summary>
    public DivergenceMethod Divergence { get; init; } = DivergenceMethod.Hutchinson();

    /// <summary>Seed of the probes.</summary>
    public ulong Seed { get; init; }

    /// <summary>Points that are computed together; bounds the memory and never changes a result.</summary>
    public int ChunkRows { get; init; } = 1024;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Steps or rows below 1.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Field);
        ArgumentNullException.ThrowIfNull(Tableau);
        ArgumentNullException.ThrowIfNull(Divergence);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkRows, 1);
    }
}
