namespace FlowRatio.Benchmarks.Experiments;

/// <summary>One line of the work-precision table.</summary>
/// <param name="Method">s1, s2, s3 or naive.</param>
/// <param name="Integration">Solver and its setting.</param>
/// <param name="Evaluations">Mean evaluations of the flow per point.</param>
/// <param name="Units">Head passes per point: one primal or tangent row through one head is a unit.</param>
/// <param name="Seconds">Seconds for all points with one probe.</param>
/// <param name="SolverError">RMS difference from the converged value with the exact divergence, in nats; null where it does not apply.</param>
/// <param name="Error">RMS difference with one probe per evaluation, in nats.</param>
public sealed record PrecisionRow(
    string Method, string Integration, double Evaluations, double Units, double Seconds, double? SolverError, double Error);
