namespace FlowRatio.Engine.Randomness;

/// <summary>Distribution of the probes v of Hutchinson's estimate v . (J v) of a trace; all have E[v v^T] = I.</summary>
public enum ProbeDistribution
{
    /// <summary>
    /// Per sample: rows of a Hadamard matrix of order 2^k &gt;= d, with columns chosen, signs flipped and rows ordered at random;
    /// the next row at every stage. Successive probes are orthogonal, so their average approaches the exact trace.
    /// </summary>
    Hadamard,

    /// <summary>Independent signs.</summary>
    Rademacher,

    /// <summary>Independent standard normal deviates.</summary>
    Gaussian,
}
