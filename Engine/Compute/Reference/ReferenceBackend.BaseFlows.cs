using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Reference;

/// <content>Closed-form base flows.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override BaseFlowBuffer CreateBaseFlowCore(BaseFlow source) => new ReferenceBaseFlow(source);

    /// <inheritdoc/>
    protected override void LookUpCombinationsCore(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, IndexBuffer table, IndexBuffer numbers) =>
        HostCombinations.LookUp(categories, sizes, Own(table), Own(numbers));

    /// <inheritdoc/>
    protected override void AddBaseFlowCore(
        BaseFlowBuffer flow,
        PathSchedule schedule,
        IndexBuffer densities,
        Matrix times,
        Matrix points,
        double factor,
        in BaseFlowOutputs outputs)
    {
        double[] u = new double[points.Columns], s = new double[points.Columns];
        for (int r = 0; r < points.Rows; r++)
        {
            double time = Own(times).Row(0, times.Rows == 1 ? 0 : r)[0];
            BaseDensity density = flow.Source.Densities[Own(densities)[r]];
            density.Evaluate(schedule.Constants, time, Own(points).Row(0, r), u, s, out double divergence);
            if (outputs.Velocity is not null)
            {
                AddScaled(factor, u, Own(outputs.Velocity).Row(0, r));
            }

            if (outputs.Score is not null)
            {
                double weight = outputs.ScoreWeight is null ? 1 : Own(outputs.ScoreWeight).Row(0, r)[0];
                AddScaled(factor * weight, s, Own(outputs.Score).Row(0, r));
            }

            if (outputs.Divergence is not null)
            {
                Own(outputs.Divergence).Values(outputs.Series)[r] = divergence;
            }
        }
    }

    private sealed class ReferenceBaseFlow(BaseFlow source) : BaseFlowBuffer(source)
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
}
