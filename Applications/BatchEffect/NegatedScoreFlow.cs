using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Applications.BatchEffect;

/// <summary>
/// A flow whose scores have the opposite sign. Along the numerator's velocity the rate of a log-ratio is
/// -div(u_num - u_den) + (u_den - u_num) . s_den; with this flow its correction term has the sign of the published batch-correction
/// scripts, so that the effect of that sign can be measured and nothing else changes.
/// </summary>
/// <param name="flow">The flow; the caller keeps ownership.</param>
internal sealed class NegatedScoreFlow(ConditionalFlow flow) : ConditionalFlow
{
    /// <inheritdoc/>
    public override ComputeBackend Backend => flow.Backend;

    /// <inheritdoc/>
    public override int Dimension => flow.Dimension;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Covariates => flow.Covariates;

    /// <inheritdoc/>
    public override PathSchedule? Schedule => flow.Schedule;

    /// <inheritdoc/>
    public override long WorkspaceBytesPerRow(in StackLayout stack) => flow.WorkspaceBytesPerRow(stack);

    /// <inheritdoc/>
    public override FlowEvaluator CreateEvaluator(EvaluationPlan plan) => new Evaluator(flow, plan);

    private sealed class Evaluator(ConditionalFlow flow, EvaluationPlan plan) : FlowEvaluator(flow.Backend, flow.Dimension, plan)
    {
        private readonly FlowEvaluator inner = flow.CreateEvaluator(plan);
        private float[] values = [];

        public override void Resize(int rows)
        {
            base.Resize(rows);
            inner.Resize(rows);
        }

        public override void Evaluate()
        {
            Copy(Points, inner.Points, 1);
            if (Tangents is not null)
            {
                Copy(Tangents, inner.Tangents!, 1);
            }

            Copy(Times, inner.Times, 1);
            inner.Evaluate();
            Copy(inner.Velocity, Velocity, 1);
            if (Score is not null)
            {
                Copy(inner.Score!, Score, -1);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Copy(Matrix source, Matrix destination, float sign)
        {
            int count = source.Rows * source.Columns;
            if (values.Length < count)
            {
                values = new float[count];
            }

            Span<float> own = values.AsSpan(0, count);
            for (int segment = 0; segment < source.Segments; segment++)
            {
                source.Read(own, segment);
                foreach (ref float value in own)
                {
                    value *= sign;
                }

                destination.Write<float>(own, segment);
            }
        }
    }
}
