using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Networks;

/// <summary>Adds the base to what the heads computed: to the velocities and scores of all conditions, with exact divergences of its own.</summary>
internal sealed class BaseEvaluation : IDisposable
{
    private readonly NetworkFlow flow;
    private readonly Term[] terms;

    public BaseEvaluation(NetworkFlow flow, EvaluationPlan plan, Matrix velocity, Matrix? score)
    {
        this.flow = flow;
        int tracked = plan.Stack.TangentConditions;
        Divergence = tracked == 0 ? null : flow.Backend.CreateAccumulator(plan.Rows, tracked);
        terms = new Term[plan.Conditions.Count];
        for (int c = 0; c < terms.Length; c++)
        {
            int segment = plan.ScoreConditions.ToList().IndexOf(c);
            terms[c] = new Term(
                flow.Base!.Source.NumberOf(plan.Conditions[c]),
                flow.Backend.CreateIndices(plan.Rows),
                velocity.ViewSegments(c, 1),
                segment < 0 ? null : score!.ViewSegments(segment, 1),
                c < tracked);
        }

        Resize(plan.Rows);
    }

    /// <summary>Divergence of the base for each condition with tangents, one series each; null without such.</summary>
    public Accumulator? Divergence { get; }

    public void Resize(int rows)
    {
        Divergence?.Resize(rows);
        foreach (Term term in terms)
        {
            term.Densities.Resize(rows);
            term.Densities.Fill(term.Density);
        }
    }

    /// <summary>Adds to the velocities and scores.</summary>
    public void Add(Matrix times, Matrix points)
    {
        for (int c = 0; c < terms.Length; c++)
        {
            Term term = terms[c];
            flow.Backend.AddBaseFlow(
                flow.Base!,
                flow.Schedule!,
                term.Densities,
                times,
                points,
                1,
                term.Velocity,
                term.Score,
                null,
                c,
                term.HasDivergence ? Divergence : null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Divergence?.Dispose();
        foreach (Term term in terms)
        {
            term.Densities.Dispose();
        }
    }

    private sealed record Term(int Density, IndexBuffer Densities, Matrix Velocity, Matrix? Score, bool HasDivergence);
}
