namespace FlowRatio.Engine.Solvers;

/// <summary>How the solution of one trajectory ended, from best to worst.</summary>
public enum SolveStatus
{
    /// <summary>
    /// It reached the end; with a tolerance and exact divergences (or a quadrature to a tolerance), the reported value is within it as well.
    /// </summary>
    Converged,

    /// <summary>
    /// The requested accuracy was not reached with the largest number of nodes or steps, or not in single precision; the value is the best
    /// one, its error above the request.
    /// </summary>
    ToleranceNotReached,

    /// <summary>The largest number of steps was used up; the result is not to be used.</summary>
    StepLimit,

    /// <summary>The step size fell below what the time can resolve; the result is not to be used.</summary>
    StepUnderflow,

    /// <summary>A value became infinite or not a number; the result is not to be used.</summary>
    NonFinite,
}
