using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Fields;

/// <summary>The trajectory alone, dx/dt = b: one velocity pass per condition of the field, no tangents, no scores.</summary>
public sealed class VelocityDynamics : ITrajectoryDynamics, IDisposable
{
    private readonly ComputeBackend backend;
    private readonly FlowEvaluator? evaluator;
    private readonly Matrix? ownPoints;
    private readonly CallerField? callerField;
    private readonly double[] weights;
    private readonly double[] rowTimes;

    /// <summary>Prepares the evaluation.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="field">Conditions whose weighted velocities make b.</param>
    /// <param name="capacity">Largest number of rows.</param>
    /// <param name="callerField">A field of the caller's own, in place of the flow's; or null.</param>
    public VelocityDynamics(
        ConditionalFlow flow,
        IReadOnlyList<(Condition Condition, double Weight)> field,
        int capacity,
        CallerField? callerField = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(field);
        backend = flow.Backend;
        this.callerField = callerField;
        weights = [.. field.Select(term => term.Weight)];
        rowTimes = new double[capacity];
        if (callerField is null)
        {
            evaluator = flow.CreateEvaluator(new EvaluationPlan([.. field.Select(term => term.Condition)], 0, 0, [], capacity));
        }
        else
        {
            ownPoints = backend.CreateMatrix(capacity, flow.Dimension);
        }
    }

    /// <inheritdoc/>
    public Matrix Points => evaluator?.Points ?? ownPoints!;

    /// <inheritdoc/>
    public int RateSeries => 0;

    /// <summary>Sets the number of rows.</summary>
    /// <param name="rows">Between 1 and the capacity.</param>
    public void Resize(int rows)
    {
        evaluator?.Resize(rows);
        ownPoints?.Resize(rows);
    }

    /// <inheritdoc/>
    public void Evaluate(double time, int stage, Matrix derivative, Accumulator rates)
    {
        if (evaluator is null)
        {
            Span<double> times = rowTimes.AsSpan(0, Points.Rows);
            times.Fill(time);
            callerField!.Evaluate(Points, times, derivative);
            return;
        }

        evaluator.Times.Write<double>([time]);
        evaluator.Evaluate();
        backend.MixVelocities(evaluator.Velocity, weights, derivative);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        evaluator?.Dispose();
        ownPoints?.Dispose();
    }
}
