namespace FlowRatio.Cli.Runs;

/// <summary>Names of the columns that an estimation writes, behind an optional prefix.</summary>
/// <param name="Value"><c>log_ratio</c> or <c>log_density</c>, in nats; missing where the trajectory has no usable end.</param>
/// <param name="Prefix">Put before every name.</param>
/// <param name="HasInterval">Whether values have intervals.</param>
internal sealed record EstimateColumns(string Value, string Prefix, bool HasInterval)
{
    /// <summary>Value in nats.</summary>
    public string Estimate => Prefix + Value;

    /// <summary>
    /// Standard error of the value; of a flow's own value it is what comes from the probes, and missing with one probe sequence and with the exact divergence.
    /// </summary>
    public string StandardError => $"{Prefix}{Value}_se";

    /// <summary>Lower end of the value's 90 % interval.</summary>
    public string Low => $"{Prefix}{Value}_low";

    /// <summary>Upper end of the value's 90 % interval.</summary>
    public string High => $"{Prefix}{Value}_high";

    /// <summary>How the value came about: converged, tolerance_not_reached, step_limit, step_underflow, non_finite. With a tolerance it speaks of the value where the
    /// divergence is exact, of the trajectory alone where it has probes.</summary>
    public string Status => Prefix + "status";

    /// <summary>Evaluations of the flow.</summary>
    public string Evaluations => Prefix + "evaluations";

    /// <summary>Largest disagreement of score and velocity along the trajectory: large where the ratio is extrapolation.</summary>
    public string Disagreement => Prefix + "overlap_disagreement";

    /// <summary>How unlike noise the end of the trajectory is: large where the field was followed outside of its training.</summary>
    public string Deviation => Prefix + "overlap_deviation";

    /// <summary>Whether the training held the row out; missing where the row took no part in it.</summary>
    public string HeldOut => Prefix + "held_out";

    /// <summary>All names in order.</summary>
    public IReadOnlyList<string> All => HasInterval
        ? [Estimate, StandardError, Low, High, Status, Evaluations, Disagreement, Deviation, HeldOut]
        : [Estimate, StandardError, Status, Evaluations, Disagreement, Deviation, HeldOut];
}
