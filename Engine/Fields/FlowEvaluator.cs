using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Fields;

/// <summary>
/// One fused evaluation of a conditional flow: the caller fills <see cref="Points"/>, <see cref="Tangents"/> and
/// <see cref="Times"/>, calls <see cref="Evaluate"/> and reads <see cref="Velocity"/> and <see cref="Score"/>.
/// </summary>
public abstract class FlowEvaluator : IDisposable
{
    private readonly Matrix input;

    /// <summary>Allocates inputs and outputs.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="dimension">Dimension of the data.</param>
    /// <param name="plan">What is wanted.</param>
    protected FlowEvaluator(ComputeBackend backend, int dimension, EvaluationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(plan);
        Backend = backend;
        Plan = plan;
        input = backend.CreateMatrix(plan.Rows, dimension, 1 + plan.Tangents);
        Points = input.ViewSegments(0, 1);
        Tangents = plan.Tangents == 0 ? null : input.ViewSegments(1, plan.Tangents);
        Times = backend.CreateMatrix(plan.TimePerRow ? plan.Rows : 1, 1);
        Velocity = backend.CreateMatrix(plan.Rows, dimension, plan.Stack.Segments);
        Score = plan.ScoreConditions.Count == 0 ? null : backend.CreateMatrix(plan.Rows, dimension, plan.ScoreConditions.Count);
    }

    /// <summary>Where the evaluation runs.</summary>
    public ComputeBackend Backend { get; }

    /// <summary>What is delivered.</summary>
    public EvaluationPlan Plan { get; }

    /// <summary>Points x, <c>[1; rows, d]</c>.</summary>
    public Matrix Points { get; }

    /// <summary>Tangent directions v, <c>[tangents; rows, d]</c>; null when none are planned.</summary>
    public Matrix? Tangents { get; }

    /// <summary>The time that all points share, <c>[1; 1, 1]</c>, or with <see cref="EvaluationPlan.TimePerRow"/> one per point, <c>[1; rows, 1]</c>.</summary>
    public Matrix Times { get; }

    /// <summary>Velocities and Jacobian-vector products in the order of <see cref="EvaluationPlan.Stack"/>.</summary>
    public Matrix Velocity { get; }

    /// <summary>Scores, one segment per planned score condition; null when none are planned.</summary>
    public Matrix? Score { get; }

    /// <summary>
    /// The part of the divergence of each tangent condition that is known in closed form, one series per condition; the Jacobian-vector products
    /// in <see cref="Velocity"/> are then those of the rest. Null where they are of the whole velocity.
    /// </summary>
    public virtual Accumulator? KnownDivergence => null;

    /// <summary>Points and tangents as one stack, <c>[1 + tangents; rows, d]</c>.</summary>
    protected Matrix Input => input;

    /// <summary>Sets the number of points of the following evaluations.</summary>
    /// <param name="rows">Between 1 and the planned number.</param>
    public virtual void Resize(int rows)
    {
        input.Resize(rows);
        if (Plan.TimePerRow)
        {
            Times.Resize(rows);
        }

        Velocity.Resize(rows);
        Score?.Resize(rows);
    }

    /// <summary>Computes <see cref="Velocity"/> and <see cref="Score"/>.</summary>
    public abstract void Evaluate();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the matrices.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
            Times.Dispose();
            Velocity.Dispose();
            Score?.Dispose();
        }
    }
}
