using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Fields;

/// <summary>How divergences are computed along a trajectory (docs/math.md, "Divergence").</summary>
public sealed record DivergenceMethod
{
    private DivergenceMethod(bool isExact, ProbeDistribution distribution, bool perStage, int probes)
    {
        IsExact = isExact;
        Distribution = distribution;
        PerStage = perStage;
        Probes = probes;
    }

    /// <summary>The trace of the Jacobian by one tangent per coordinate.</summary>
    public static DivergenceMethod Exact { get; } = new(true, ProbeDistribution.Hadamard, true, 0);

    /// <summary>Whether the trace is exact.</summary>
    public bool IsExact { get; }

    /// <summary>Distribution of the probes.</summary>
    public ProbeDistribution Distribution { get; }

    /// <summary>Whether every stage has its own probe; otherwise one probe serves the whole trajectory.</summary>
    public bool PerStage { get; }

    /// <summary>Independent probe sequences per sample; two or more give standard errors.</summary>
    public int Probes { get; }

    /// <summary>Hutchinson's estimate v . (J v).</summary>
    /// <param name="probes">Independent probe sequences per sample.</param>
    /// <param name="distribution">Distribution of the probes.</param>
    /// <param name="perStage">
    /// A new probe at every stage (the default; unbiased since the log-ratio is a quadrature along x), or one per trajectory.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one probe.</exception>
    public static DivergenceMethod Hutchinson(
        int probes = 1, ProbeDistribution distribution = ProbeDistribution.Hadamard, bool perStage = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        return new DivergenceMethod(false, distribution, perStage, probes);
    }
}
