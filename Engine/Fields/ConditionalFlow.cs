using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Fields;

/// <summary>
/// Velocity u(x, t, c) and score s(x, t, c) of a family of probability paths, bound to a backend: a trained network
/// (<see cref="Networks.NetworkFlow"/>) or a closed form.
/// </summary>
public abstract class ConditionalFlow
{
    /// <summary>Where it is evaluated.</summary>
    public abstract ComputeBackend Backend { get; }

    /// <summary>Dimension d of the data.</summary>
    public abstract int Dimension { get; }

    /// <summary>Number of categories of each covariate.</summary>
    public abstract IReadOnlyList<int> Covariates { get; }

    /// <summary>The schedule of its paths; null when it is not known, and then no overlap diagnostic is computed.</summary>
    public virtual PathSchedule? Schedule => null;

    /// <summary>
    /// How much of each score to take from the velocity where the caller does not say (<see cref="Estimation.EstimationOptions.ImpliedScore"/>): more
    /// than none where the two are learned and err apart.
    /// </summary>
    public virtual double ImpliedScore => 0;

    /// <summary>Memory that an evaluation needs per point, in bytes; decides how many points are computed together.</summary>
    /// <param name="stack">Order of the velocity segments.</param>
    public virtual long WorkspaceBytesPerRow(in StackLayout stack) => (long)sizeof(double) * Dimension * stack.Segments;

    /// <summary>Allocates what a kind of evaluation needs.</summary>
    /// <param name="plan">What is wanted.</param>
    public abstract FlowEvaluator CreateEvaluator(EvaluationPlan plan);
}
