namespace FlowRatio.Engine.Randomness;

/// <summary>Distribution of the probes v of Hutchinson's estimate v . (J v) of a trace; all have E[v v^T] = I.</summary>
public enum ProbeDistribution
{
    /// <summary>
    /// Per sample: rows of a Hadamard matrix of order 2^k &gt;= d, with columns chosen, signs flipped and rows ordered at random;
    /// the next row at every stage. Over a cycle of 2^k stages the coordinates' columns are orthogonal, so the average of a matrix's estimates is its exact trace.
    /// The probes of a cycle are orthogonal to each other only where d is a power of two: otherwise d of their 2^k elements are used.
    /// </summary>
    Hadamard,

    /// <summary>Independent signs.</summary>
    Rademacher,

    /// <summary>Independent standard normal deviates.</summary>
    Gaussian,
}
