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
    /// <summary>Two trajectories that make one value: the worse end, and the sum of the work.</summary>
    internal static TrajectoryRecord Together(TrajectoryRecord a, TrajectoryRecord b) => new(
        (SolveStatus)Math.Max((int)a.Status, (int)b.Status),
        Math.Max(a.EndTime, b.EndTime),
        a.Evaluations + b.Evaluations,
        a.AcceptedSteps + b.AcceptedSteps,
        a.RejectedSteps + b.RejectedSteps);
}
