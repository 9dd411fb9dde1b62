namespace FlowRatio.Benchmarks.Speed;

/// <summary>One way to solve the exported points.</summary>
/// <param name="Name">s1, s2, s3, naive, or the published procedure.</param>
/// <param name="Points">Number of points solved.</param>
/// <param name="Seconds">Median seconds for all of them, from array to array.</param>
/// <param name="SecondsOfRuns">Seconds of each repetition.</param>
/// <param name="Evaluations">Evaluations of the flow (per chunk of points that share a step size).</param>
/// <param name="Mse">Mean squared error against the true log-ratios.</param>
/// <param name="StdError">Its standard error over the points.</param>
internal sealed record SolveReport(
    string Name, int Points, double Seconds, IReadOnlyList<double> SecondsOfRuns, double Evaluations, double Mse, double StdError);
