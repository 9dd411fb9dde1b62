namespace FlowRatio.Engine.Solvers;

/// <summary>What happened to one trajectory.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="EndTime">Time that was reached.</param>
/// <param name="Evaluations">Evaluations of the flow for this row.</param>
/// <param name="AcceptedSteps">Accepted steps.</param>
/// <param name="RejectedSteps">Rejected steps.</param>
public readonly record struct TrajectoryRecord(
    SolveStatus Status, double EndTime, int Evaluations, int AcceptedSteps, int RejectedSteps)
{
    /// <summary>
    /// Estimated integration error of what is reported of the quadratures, in its unit (nats): the root of the summed squares of the steps'
    /// errors, which have random signs. Not a number where it is not estimated (noisy rates, equal steps).
    /// </summary>
    public double RateError { get; init; } = double.NaN;

    /// <summary>Two trajectories that make one value: the worse end, and the sum of the work.</summary>
    internal static TrajectoryRecord Together(TrajectoryRecord a, TrajectoryRecord b) => new(
        (SolveStatus)Math.Max((int)a.Status, (int)b.Status),
        Math.Max(a.EndTime, b.EndTime),
        a.Evaluations + b.Evaluations,
        a.AcceptedSteps + b.AcceptedSteps,
        a.RejectedSteps + b.RejectedSteps) { RateError = a.RateError + b.RateError };
}
