using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Integration;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Training;

namespace FlowRatio.Kernels.Backend;

/// <content>Time scores.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override void SampleTimeScorePathCore(
        TimeScorePath path, Matrix source, Matrix target, ulong seed, long step, TimeScoreBatch batch)
    {
        var kernel = new SampleTimeScorePathKernel
        {
            Source = Own(path.IsTwoSided ? source : target).View,
            Target = Own(target).View,
            Points = Own(batch.Points).View,
            Times = Own(batch.Times).View,
            Weight = Own(batch.Weight).View,
            WeightSlope = Own(batch.WeightSlope).View,
            RootWeight = Own(batch.RootWeight).View,
            ScoreTarget = Own(batch.Target ?? batch.Points).View,
            Rows = target.Rows,
            Columns = target.Columns,
            TargetColumns = batch.Target?.Columns ?? 0,
            Path = path.Constants,
            FirstTime = path.FirstTime,
            LastTime = path.LastTime,
            Seed = seed,
            Step = step,
        };
        Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(target.Rows)));
    }

    /// <inheritdoc/>
    protected override void TimeScoreLossCore(
        Matrix output,
        Matrix weight,
        Matrix weightSlope,
        double sourceWeight,
        double targetWeight,
        int series,
        Accumulator loss,
        Matrix dOutput)
    {
        int groups = DivideUp(output.Rows, TimeScoreLossKernel.RowsPerGroup);
        ArrayView<double> parts = lossParts.Reserve(groups);
        var kernel = new TimeScoreLossKernel
        {
            Output = Own(output).View,
            Weight = Own(weight).View,
            WeightSlope = Own(weightSlope).View,
            Gradient = Own(dOutput).View,
            SourceWeight = sourceWeight,
            TargetWeight = targetWeight,
            Rows = output.Rows,
            Parts = parts,
        };
        Device.Launch(kernel, LaunchShape.Teams(groups));
        var sum = new SumPartsKernel
        {
            Parts = parts, Count = groups, Factor = 1.0 / output.Rows, Result = Own(loss).SeriesView(series),
        };
        Device.Launch(sum, LaunchShape.Teams(1));
    }

    /// <inheritdoc/>
    protected override void AddRowSumsCore(Matrix values, double weight, int series, Accumulator total)
    {
        var kernel = new AddRowSumsKernel
        {
            Values = Own(values).View,
            Total = Own(total).SeriesView(series),
            Weight = weight,
            Rows = values.Rows,
            Columns = values.Columns,
        };
        Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(values.Rows)));
    }
}
