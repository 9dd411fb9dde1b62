using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Solvers;

/// <summary>Dynamics whose rows may be at different times, and of which finished rows can be taken out.</summary>
public interface IRowTimeDynamics : ITrajectoryDynamics
{
    /// <summary>Evaluates at <see cref="ITrajectoryDynamics.Points"/>.</summary>
    /// <param name="times">t of each row.</param>
    /// <param name="stages">Number of the evaluation along each row's own trajectory (chooses its probe).</param>
    /// <param name="derivative">b, <c>[1; rows, d]</c>, overwritten.</param>
    /// <param name="rates">dl/dt, overwritten.</param>
    void Evaluate(ReadOnlySpan<double> times, ReadOnlySpan<int> stages, Matrix derivative, Accumulator rates);

    /// <summary>Keeps some rows, in the order given, and forgets the others; <see cref="ITrajectoryDynamics.Points"/> becomes undefined.</summary>
    /// <param name="rows">Numbers of the rows to keep.</param>
    void Keep(ReadOnlySpan<int> rows);
}
