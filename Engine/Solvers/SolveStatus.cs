namespace FlowRatio.Engine.Solvers;

/// <summary>How the solution of one trajectory ended.</summary>
public enum SolveStatus
{
    /// <summary>It reached the end.</summary>
    Converged,

    /// <summary>A value became infinite or not a number; the result is not to be used.</summary>
    NonFinite,
}
