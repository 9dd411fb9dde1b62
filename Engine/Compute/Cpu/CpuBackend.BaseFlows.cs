using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Closed-form base flows.</content>
public sealed unsafe partial class CpuBackend
{
    private int[] densityStarts = [];
    private int[] rowsByDensity = [];
    private BaseFlowGroup[] densityGroups = [];

    /// <inheritdoc/>
    protected override BaseFlowBuffer CreateBaseFlowCore(BaseFlow source) => new CpuBaseFlow(source, kernels);

    /// <inheritdoc/>
    protected override void LookUpCombinationsCore(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, IndexBuffer table, IndexBuffer numbers) =>
        HostCombinations.LookUp(categories, sizes, Own(table).Values, Own(numbers).Values);

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
        int groups = GroupByDensity(Own(densities).Values, flow.Count);
        var work = new BaseFlowWork
        {
            Kernels = kernels,
            Flow = (CpuBaseFlow)flow,
            Path = schedule.Constants,
            Times = Own(times),
            Points = Own(points),
            Velocity = outputs.Velocity is null ? null : Own(outputs.Velocity),
            Score = outputs.Score is null ? null : Own(outputs.Score),
            ScoreWeight = outputs.ScoreWeight is null ? null : Own(outputs.ScoreWeight),
            Divergence = outputs.Divergence is null ? null : Own(outputs.Divergence),
            Series = outputs.Series,
            Factor = (float)factor,
            Rows = rowsByDensity,
            Groups = densityGroups,
        };
        pool.Run(work, groups);
    }

    /// <summary>Sorts rows by density, so that all lanes of a vector go through the same components.</summary>
    private int GroupByDensity(ReadOnlySpan<int> densities, int count)
    {
        if (densityStarts.Length <= count)
        {
            densityStarts = new int[count + 1];
        }

        int mostGroups = Division.Up(densities.Length, CpuMatrix.PanelRows) + count;
        if (rowsByDensity.Length < densities.Length || densityGroups.Length < mostGroups)
        {
            rowsByDensity = new int[Math.Max(densities.Length, rowsByDensity.Length)];
            densityGroups = new BaseFlowGroup[Math.Max(mostGroups, densityGroups.Length)];
        }

        Span<int> starts = densityStarts.AsSpan(0, count + 1);
        starts.Clear();
        foreach (int density in densities)
        {
            starts[density + 1]++;
        }

        int groups = 0;
        for (int density = 0; density < count; density++)
        {
            int rows = starts[density + 1];
            for (int first = 0; first < rows; first += CpuMatrix.PanelRows)
            {
                densityGroups[groups++] = new BaseFlowGroup(
                    density, starts[density] + first, Math.Min(CpuMatrix.PanelRows, rows - first));
            }

            starts[density + 1] += starts[density];
        }

        for (int r = 0; r < densities.Length; r++)
        {
            rowsByDensity[starts[densities[r]]++] = r;
        }

        return groups;
    }
}
