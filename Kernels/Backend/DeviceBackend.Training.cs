using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Training;

namespace FlowRatio.Kernels.Backend;

/// <content>Batches, path samples, loss, optimiser.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override void SelectRowsCore(int population, ulong seed, long step, IndexBuffer rows)
    {
        var kernel = new SelectRowsKernel
        {
            Rows = Own(rows).View, Count = rows.Length, Population = population, Seed = seed, Step = step,
        };
        Device.Launch(kernel, LaunchShape.Elements(rows.Length));
    }

    /// <inheritdoc/>
    protected override void SelectConditionsCore(
        IndexBuffer categories, IndexBuffer rows, double dropProbability, int covariate, ulong seed, long step, IndexBuffer selected)
    {
        var kernel = new SelectConditionsKernel
        {
            Categories = Own(categories).View,
            Rows = Own(rows).View,
            Selected = Own(selected).View,
            Count = selected.Length,
            DropProbability = dropProbability,
            Covariate = covariate,
            Seed = seed,
            Step = step,
        };
        Device.Launch(kernel, LaunchShape.Elements(selected.Length));
    }

    /// <inheritdoc/>
    protected override void SamplePathCore(
        PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, bool mirrored, PathBatch batch)
    {
        const int columnsPerThread = 4;
        var kernel = new SamplePathKernel
        {
            Data = Own(data).View,
            DataRows = Own(rows).View,
            Times = Own(batch.Times).View,
            ScoreWeight = Own(batch.ScoreWeight).View,
            Points = Own(batch.Points).View,
            VelocityTarget = Own(batch.VelocityTarget).View,
            ScoreTarget = Own(batch.ScoreTarget).View,
            Rows = rows.Length,
            Columns = batch.Points.Columns,
            Path = schedule.Constants,
            LatestTime = schedule.LatestTime,
            Seed = seed,
            Step = step,
            Mirrored = mirrored ? 1 : 0,
        };
        Device.Launch(kernel, Elements(rows.Length, DivideUp(batch.Points.Columns, columnsPerThread)));
    }

    /// <inheritdoc/>
    protected override void AverageTargetsCore(
        PathSchedule schedule,
        Matrix data,
        IndexBuffer rows,
        IndexBuffer groups,
        IndexBuffer references,
        IndexBuffer referenceGroups,
        PathBatch batch)
    {
        const int columnsPerThread = 4;
        var kernel = new AverageTargetsKernel
        {
            Data = Own(data).View,
            DataRows = Own(rows).View,
            Groups = Own(groups).View,
            References = Own(references).View,
            ReferenceGroups = Own(referenceGroups).View,
            Times = Own(batch.Times).View,
            Points = Own(batch.Points).View,
            VelocityTarget = Own(batch.VelocityTarget).View,
            ScoreTarget = Own(batch.ScoreTarget).View,
            Rows = rows.Length,
            Columns = batch.Points.Columns,
            Count = references.Length,
            Path = schedule.Constants,
        };
        Device.Launch(kernel, Elements(rows.Length, DivideUp(batch.Points.Columns, columnsPerThread)));
    }

    /// <inheritdoc/>
    protected override void SquaredErrorCore(
        Matrix prediction, Matrix target, Matrix? rowWeight, int series, Accumulator loss, Matrix dPrediction)
    {
        int count = checked(prediction.Rows * prediction.Columns);
        int groups = DivideUp(count, SquaredErrorKernel.ElementsPerGroup);
        ArrayView<double> parts = lossParts.Reserve(groups);
        var kernel = new SquaredErrorKernel
        {
            Prediction = Own(prediction).View,
            Target = Own(target).View,
            RowWeight = Own(rowWeight ?? prediction).View,
            Gradient = Own(dPrediction).View,
            Columns = prediction.Columns,
            Count = count,
            Scale = (float)(2.0 / count),
            IsWeighted = rowWeight is null ? 0 : 1,
            Parts = parts,
        };
        Device.Launch(kernel, LaunchShape.Teams(groups));
        var sum = new SumPartsKernel
        {
            Parts = parts, Count = groups, Factor = 1.0 / count, Result = Own(loss).SeriesView(series),
        };
        Device.Launch(sum, LaunchShape.Teams(1));
    }

    /// <inheritdoc/>
    protected override void AdamCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step)
    {
        Device.Launch(Kernel(parameters, gradients, firstMoment, secondMoment, step), LaunchShape.Elements(parameters.Length));
        parameters.MarkChanged();
    }

    /// <inheritdoc/>
    protected override void AdamAndAverageCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step,
        double decay,
        ParameterBuffer average)
    {
        AdamKernel kernel = Kernel(parameters, gradients, firstMoment, secondMoment, step);
        (kernel.Average, kernel.HasAverage) = (Values(average), 1);
        (kernel.Kept, kernel.Taken) = ((float)decay, (float)(1 - decay));
        Device.Launch(kernel, LaunchShape.Elements(parameters.Length));
        parameters.MarkChanged();
        average.MarkChanged();
    }

    /// <inheritdoc/>
    protected override void AverageParametersCore(ParameterBuffer parameters, double decay, ParameterBuffer average)
    {
        var kernel = new AverageKernel
        {
            Parameters = Values(parameters),
            Average = Values(average),
            Count = parameters.Length,
            Kept = (float)decay,
            Taken = (float)(1 - decay),
        };
        Device.Launch(kernel, LaunchShape.Elements(parameters.Length));
        average.MarkChanged();
    }

    private AdamKernel Kernel(
        ParameterBuffer parameters, ParameterBuffer gradients, ParameterBuffer firstMoment, ParameterBuffer secondMoment, in AdamStep step)
    {
        var kernel = new AdamKernel
        {
            Parameters = Values(parameters),
            FirstMoment = Values(firstMoment),
            SecondMoment = Values(secondMoment),
            Count = parameters.Length,
            Beta1 = (float)step.Beta1,
            Beta2 = (float)step.Beta2,
            Rest1 = (float)(1 - step.Beta1),
            Rest2 = (float)(1 - step.Beta2),
            Rate = (float)step.CorrectedRate,
            RootScale = (float)(1 / step.SecondMomentCorrection),
            Epsilon = (float)step.Epsilon,
            Average = Values(parameters),
            Regions = noRegions.Reserve(1),
            Parts = Values(parameters),
            Ratio = gradientRatio.Reserve(1),
            LargestRatio = step.LargestRatio,
        };
        if (step.LargestRatio > 0)
        {
            MeasureRatio(gradients, kernel);
        }

        Own(gradients).HandTo(ref kernel);
        return kernel;
    }

    private void MeasureRatio(ParameterBuffer gradients, in AdamKernel adam)
    {
        int groups = DivideUp(adam.Count, GradientRatioKernel.ElementsPerGroup);
        ArrayView<double> parts = lossParts.Reserve(groups);
        var squares = new GradientRatioKernel
        {
            Gradients = Values(gradients),
            SecondMoment = adam.SecondMoment,
            Count = adam.Count,
            Beta2 = adam.Beta2,
            Rest2 = adam.Rest2,
            RootScale = adam.RootScale,
            Epsilon = adam.Epsilon,
            Parts = parts,
        };
        Device.Launch(squares, LaunchShape.Teams(groups));
        Device.Launch(new SumPartsKernel { Parts = parts, Count = groups, Factor = 1.0 / adam.Count, Result = adam.Ratio }, LaunchShape.Teams(1));
    }
}
