using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Training.Objectives;

/// <summary>Takes the base's part from the targets of a batch.</summary>
internal sealed class BaseTargets : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly BaseFlowBuffer flow;
    private readonly int[] sizes;
    private readonly IndexBuffer table;
    private readonly IndexBuffer densities;

    public BaseTargets(ComputeBackend backend, BaseFlow source, IReadOnlyList<int> covariates, int rows)
    {
        this.backend = backend;
        sizes = [.. covariates];
        int[] numbers = source.Table(covariates);
        flow = backend.CreateBaseFlow(source);
        table = backend.CreateIndices(numbers.Length);
        table.Write(numbers);
        densities = backend.CreateIndices(rows);
    }

    /// <summary>u* - u_base and (t u* - x_t) - c_t s_base.</summary>
    /// <param name="schedule">The path.</param>
    /// <param name="categories">Per covariate the category of each row; continuous covariates, which come last, do not matter.</param>
    /// <param name="batch">Its targets are changed.</param>
    public void Subtract(PathSchedule schedule, IndexBuffer[] categories, PathBatch batch)
    {
        backend.LookUpCombinations(categories.AsSpan(0, sizes.Length), sizes, table, densities);
        backend.AddBaseFlow(
            flow, schedule, densities, batch.Times, batch.Points, -1, batch.VelocityTarget, batch.ScoreTarget, batch.ScoreWeight, 0, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        flow.Dispose();
        table.Dispose();
        densities.Dispose();
    }
}
