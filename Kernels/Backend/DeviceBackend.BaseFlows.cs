using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.BaseFlows;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Backend;

/// <content>Closed-form base flows.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override BaseFlowBuffer CreateBaseFlowCore(BaseFlow source) => new DeviceBaseFlow(Device, source);

    /// <inheritdoc/>
    protected override void LookUpCombinationsCore(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, IndexBuffer table, IndexBuffer numbers)
    {
        numbers.Fill(0);
        for (int i = 0; i < categories.Length; i++)
        {
            var append = new AppendCategoryKernel
            {
                Categories = Own(categories[i]).View, Numbers = Own(numbers).View, Count = numbers.Length, Size = sizes[i],
            };
            Device.Launch(append, LaunchShape.Elements(numbers.Length));
        }

        var lookUp = new LookUpKernel { Table = Own(table).View, Numbers = Own(numbers).View, Count = numbers.Length };
        Device.Launch(lookUp, LaunchShape.Elements(numbers.Length));
    }

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
        var source = (DeviceBaseFlow)flow;
        int rows = points.Rows;
        ArrayView<float> along = baseAlong.Reserve(checked(DeviceBaseFlow.ValuesPerPlace * rows * source.MostPlaces));
        ArrayView<double> responsibilities = baseResponsibilities.Reserve(checked(rows * source.MostComponents));
        int timePerRow = times.Rows == rows ? 1 : 0;
        var project = new ProjectBaseKernel
        {
            Flow = source.View,
            Densities = Own(densities).View,
            Times = Own(times).View,
            Points = Own(points).View,
            Path = schedule.Constants,
            Rows = rows,
            MostPlaces = source.MostPlaces,
            TimePerRow = timePerRow,
            Along = along,
        };
        Device.Launch(project, Elements(rows, source.MostPlaces));
        ArrayView<double> divergence = outputs.Divergence is null ? responsibilities : Own(outputs.Divergence).SeriesView(outputs.Series);
        var responsible = new BaseResponsibilitiesKernel
        {
            Flow = source.View,
            Densities = Own(densities).View,
            Times = Own(times).View,
            Path = schedule.Constants,
            Rows = rows,
            MostComponents = source.MostComponents,
            MostPlaces = source.MostPlaces,
            TimePerRow = timePerRow,
            Along = along,
            Responsibilities = responsibilities,
            HasDivergence = outputs.Divergence is null ? 0 : 1,
            Divergence = divergence,
        };
        Device.Launch(responsible, LaunchShape.Elements(rows));
        var add = new AddBaseKernel
        {
            Flow = source.View,
            Densities = Own(densities).View,
            Along = along,
            Responsibilities = responsibilities,
            Rows = rows,
            MostComponents = source.MostComponents,
            MostPlaces = source.MostPlaces,
            Factor = (float)factor,
            HasVelocity = outputs.Velocity is null ? 0 : 1,
            Velocity = Own(outputs.Velocity ?? points).View,
            HasScore = outputs.Score is null ? 0 : 1,
            Score = Own(outputs.Score ?? points).View,
            IsWeighted = outputs.ScoreWeight is null ? 0 : 1,
            ScoreWeight = Own(outputs.ScoreWeight ?? points).View,
            HasDivergence = outputs.Divergence is null ? 0 : 1,
            Divergence = divergence,
        };
        Device.Launch(add, LaunchShape.Teams(RowTeam.Groups(rows)));
    }
}
