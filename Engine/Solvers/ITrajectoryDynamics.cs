using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Solvers;

/// <summary>
/// dx/dt = b(x, t) together with rates dl/dt that follow from x and t alone. Because l never feeds back into x it is a quadrature
/// along the trajectory, accumulated in float64.
/// </summary>
public interface ITrajectoryDynamics
{
    /// <summary>Where the next evaluation reads x, <c>[1; rows, d]</c>.</summary>
    Matrix Points { get; }

    /// <summary>Number of rates per row; 0 for a trajectory alone.</summary>
    int RateSeries { get; }

    /// <summary>Evaluates at <see cref="Points"/>.</summary>
    /// <param name="time">t.</param>
    /// <param name="stage">Number of the evaluation along the trajectory, from 0 (chooses the probes).</param>
    /// <param name="derivative">b, <c>[1; rows, d]</c>, overwritten.</param>
    /// <param name="rates">dl/dt, <see cref="RateSeries"/> series, overwritten.</param>
    void Evaluate(double time, int stage, Matrix derivative, Accumulator rates);
}
