namespace FlowRatio.Engine.Compute;

/// <summary>
/// Order of the segments of a stacked matrix: first one primal segment per condition, then, probe by probe, one tangent
/// segment for each of the first <see cref="TangentConditions"/> conditions. One tall GEMM per layer then serves all of them.
/// </summary>
/// <param name="PrimalSegments">Number of primal segments (conditions), at least 1.</param>
/// <param name="TangentConditions">How many of the leading conditions carry tangents.</param>
/// <param name="Probes">Tangents per such condition.</param>
public readonly record struct StackLayout(int PrimalSegments, int TangentConditions, int Probes)
{
    /// <summary>Number of tangent segments.</summary>
    public int TangentSegments => TangentConditions * Probes;

    /// <summary>Number of segments in all.</summary>
    public int Segments => PrimalSegments + TangentSegments;

    /// <summary>A stack of primal segments alone.</summary>
    /// <param name="segments">Number of segments.</param>
    public static StackLayout Primal(int segments) => new(segments, 0, 0);

    /// <summary>The primal segment at which the tangent in <paramref name="segment"/> is taken; a primal segment itself.</summary>
    /// <param name="segment">Any segment of the stack.</param>
    public int PrimalOf(int segment) =>
        segment < PrimalSegments ? segment : (segment - PrimalSegments) % TangentConditions;

    /// <summary>The segment that holds the tangent along <paramref name="probe"/> at <paramref name="condition"/>.</summary>
    /// <param name="condition">A condition with tangents.</param>
    /// <param name="probe">The probe's number.</param>
    public int TangentOf(int condition, int probe) => PrimalSegments + (probe * TangentConditions) + condition;
}
