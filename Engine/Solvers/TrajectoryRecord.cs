namespace FlowRatio.Engine.Solvers;

/// <summary>What happened to one trajectory.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="EndTime">Time that was reached.</param>
/// <param name="Evaluations">Evaluations of the flow for this row.</param>
/// <param name="AcceptedSteps">Accepted steps.</param>
/// <param name="RejectedSteps">Rejected steps.</param>
public readonly record struct TrajectoryRecord(
    SolveStatus Status, double EndTime, int Evaluations, int AcceptedSteps, int RejectedSteps);
