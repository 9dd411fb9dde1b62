using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute;

/// <content>Closed-form base flows.</content>
public abstract partial class ComputeBackend
{
    /// <summary>Puts a base into the backend's memory.</summary>
    /// <param name="source">The base.</param>
    public BaseFlowBuffer CreateBaseFlow(BaseFlow source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return CreateBaseFlowCore(source);
    }

    /// <summary>
    /// Looks up a number for every row's combination of categories: with sizes n_i, entry
    /// ((c_0 + 1) (n_1 + 1) + c_1 + 1) (n_2 + 1) + ... of a table (see <see cref="BaseFlow.Table"/>).
    /// </summary>
    /// <param name="categories">Per covariate the category of every row, -1 for a dropped one.</param>
    /// <param name="sizes">Number of categories of each covariate.</param>
    /// <param name="table">As many entries as there are combinations.</param>
    /// <param name="numbers">One entry per row, overwritten.</param>
    public void LookUpCombinations(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, IndexBuffer table, IndexBuffer numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (sizes.Length != categories.Length)
        {
            throw new ArgumentException($"{sizes.Length} sizes for {categories.Length} covariates.", nameof(sizes));
        }

        int combinations = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            RequireLength(categories[i], nameof(categories), numbers.Length);
            combinations = checked(combinations * (sizes[i] + 1));
        }

        RequireLength(table, nameof(table), combinations);
        LookUpCombinationsCore(categories, sizes, table, numbers);
    }

    /// <summary>
    /// Adds a base flow to velocities and scores, row by row from the density that the row asks for (formulas: <see cref="BaseDensity"/>), and
    /// gives its exact divergence.
    /// </summary>
    /// <param name="flow">The base.</param>
    /// <param name="schedule">The path.</param>
    /// <param name="densities">Number of each row's density, n entries.</param>
    /// <param name="times">t, common <c>[1; 1, 1]</c> or per row <c>[1; n, 1]</c>.</param>
    /// <param name="points">x, <c>[1; n, d]</c>.</param>
    /// <param name="factor">Factor of all that is added: 1, or -1 to leave what a network must learn.</param>
    /// <param name="velocity">velocity += factor u, <c>[1; n, d]</c>; or null.</param>
    /// <param name="score">score += factor w s, <c>[1; n, d]</c>; or null.</param>
    /// <param name="scoreWeight">w, <c>[1; n, 1]</c>, or null for 1.</param>
    /// <param name="series">The series of <paramref name="divergence"/> that receives div u.</param>
    /// <param name="divergence">div u without the factor, the series overwritten; or null.</param>
    public void AddBaseFlow(
        BaseFlowBuffer flow,
        PathSchedule schedule,
        IndexBuffer densities,
        Matrix times,
        Matrix points,
        double factor,
        Matrix? velocity,
        Matrix? score,
        Matrix? scoreWeight,
        int series,
        Accumulator? divergence)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(times);
        RequireShape(points, nameof(points), 1, points.Rows, flow.Dimension);
        RequireLength(densities, nameof(densities), points.Rows);
        RequireShape(times, nameof(times), 1, times.Rows == 1 ? 1 : points.Rows, 1);
        if (velocity is not null)
        {
            RequireShape(velocity, nameof(velocity), 1, points.Rows, points.Columns);
        }

        if (score is not null)
        {
            RequireShape(score, nameof(score), 1, points.Rows, points.Columns);
        }

        if (scoreWeight is not null)
        {
            RequireShape(scoreWeight, nameof(scoreWeight), 1, points.Rows, 1);
        }

        if (divergence is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(series);
            RequireShape(divergence, nameof(divergence), series + 1, points.Rows);
        }

        AddBaseFlowCore(
            flow, schedule, densities, times, points, factor, new BaseFlowOutputs(velocity, score, scoreWeight, series, divergence));
    }

    /// <inheritdoc cref="CreateBaseFlow"/>
    protected abstract BaseFlowBuffer CreateBaseFlowCore(BaseFlow source);

    /// <inheritdoc cref="LookUpCombinations"/>
    protected abstract void LookUpCombinationsCore(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, IndexBuffer table, IndexBuffer numbers);

    /// <inheritdoc cref="AddBaseFlow"/>
    protected abstract void AddBaseFlowCore(
        BaseFlowBuffer flow,
        PathSchedule schedule,
        IndexBuffer densities,
        Matrix times,
        Matrix points,
        double factor,
        in BaseFlowOutputs outputs);
}
