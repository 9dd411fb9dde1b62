using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Randomness;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Integration;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Backend;

/// <content>Probes, rates, vector operations of a step.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override void FillProbesCore(in ProbeSequence sequence, IndexBuffer samples, IndexBuffer stages, Matrix probes)
    {
        var kernel = new ProbesKernel
        {
            Probes = Own(probes).View,
            Samples = Own(samples).View,
            Stages = Own(stages).View,
            Rows = probes.Rows,
            Columns = probes.Columns,
            Distribution = (int)sequence.Distribution,
            Seed = sequence.Seed,
            Order = (int)BitOperations.RoundUpToPowerOf2((uint)probes.Columns),
        };
        Device.Launch(kernel, Elements(probes.Rows, probes.Columns) with { Y = probes.Segments });
    }

    /// <inheritdoc/>
    protected override void FillUnitTangentsCore(int first, Matrix tangents)
    {
        var kernel = new UnitTangentsKernel
        {
            Tangents = Own(tangents).View, Rows = tangents.Rows, Columns = tangents.Columns, First = first,
        };
        Device.Launch(kernel, Elements(tangents.Rows, tangents.Columns) with { Y = tangents.Segments });
    }

    /// <inheritdoc/>
    protected override void MixVelocitiesCore(Matrix velocity, ReadOnlySpan<double> weights, Matrix field)
    {
        var kernel = new CombineKernel { Output = Own(field).View, Rows = field.Rows, Columns = field.Columns };
        for (int c = 0; c < weights.Length; c++)
        {
            Append(ref kernel, weights[c], Own(velocity).Segment(c));
        }

        Launch(kernel);
    }

    /// <inheritdoc/>
    protected override void LogDensityRatesCore(
        Matrix velocity,
        in StackLayout stack,
        Matrix? score,
        ReadOnlySpan<int> scoreSegments,
        Matrix field,
        Matrix probes,
        DivergenceReduction reduction,
        GradientMode mode,
        Accumulator rates,
        Accumulator? knownDivergence)
    {
        bool isPerProbe = reduction == DivergenceReduction.PerProbe;
        for (int c = 0; c < stack.TangentConditions; c++)
        {
            var kernel = new LogDensityRatesKernel
            {
                Velocity = Own(velocity).View,
                Score = Own(score ?? velocity).View,
                Field = Own(field).View,
                Probes = Own(probes).View,
                Rows = field.Rows,
                Columns = field.Columns,
                Condition = c,
                ScoreSegment = scoreSegments[c],
                FirstTangent = stack.PrimalSegments + c,
                TangentConditions = stack.TangentConditions,
                ProbesPerRate = isPerProbe ? 1 : stack.Probes,
                Accumulates = mode == GradientMode.Accumulate ? 1 : 0,
                Rates = Own(rates).View,
                SeriesStride = rates.Capacity,
                HasKnown = knownDivergence is null ? 0 : 1,
                Known = knownDivergence is null ? Own(rates).View : Own(knownDivergence).View,
                KnownStride = knownDivergence?.Capacity ?? 0,
            };
            int series = isPerProbe ? stack.Probes : 1;
            if (series > 0)
            {
                Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(field.Rows), series));
            }
        }
    }

    /// <inheritdoc/>
    protected override void CombineCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Matrix output)
    {
        var kernel = new CombineKernel
        {
            Source = Own(x).View, HasSource = 1, Output = Own(output).View, Rows = output.Rows, Columns = output.Columns,
        };
        for (int i = 0; i < coefficients.Length; i++)
        {
            Append(ref kernel, coefficients[i], Own(derivatives[i]).View);
        }

        Launch(kernel);
    }

    /// <inheritdoc/>
    protected override void AddScaledCore(Accumulator rates, double weight, Accumulator total)
    {
        var kernel = new AddScaledKernel
        {
            Rates = Own(rates).View,
            Total = Own(total).View,
            RateStride = rates.Capacity,
            TotalStride = total.Capacity,
            Rows = total.Rows,
            Weight = weight,
        };
        Device.Launch(kernel, LaunchShape.Elements(total.Rows) with { Y = total.Series });
    }

    /// <inheritdoc/>
    protected override void StandardNormalLogDensityCore(Matrix points, Accumulator result)
    {
        var kernel = new NormalLogDensityKernel
        {
            Points = Own(points).View,
            Result = Own(result).SeriesView(0),
            Rows = points.Rows,
            Columns = points.Columns,
            Normalization = points.Columns * Math.Log(2 * Math.PI),
        };
        Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(points.Rows)));
    }

    /// <inheritdoc/>
    protected override void MarkNonFiniteCore(Matrix points, Accumulator totals, int mark, IndexBuffer status)
    {
        var kernel = new MarkNonFiniteKernel
        {
            Points = Own(points).View,
            Totals = Own(totals).View,
            SeriesStride = totals.Capacity,
            Status = Own(status).View,
            Rows = points.Rows,
            Columns = points.Columns,
            Series = totals.Series,
            Mark = mark,
        };
        Device.Launch(kernel, Elements(points.Rows, points.Columns + totals.Series));
    }

    /// <summary>Adds a term; where a launch has no room for it, what has been gathered is computed first.</summary>
    private void Append(ref CombineKernel kernel, double coefficient, MatrixView matrix)
    {
        if (coefficient == 0)
        {
            return;
        }

        if (kernel.Terms.Count == Terms.Most)
        {
            Launch(kernel);
            (kernel.Source, kernel.HasSource, kernel.Terms) = (kernel.Output, 1, default);
        }

        kernel.Terms.Append(matrix, coefficient);
    }

    private void Launch(in CombineKernel kernel) => Device.Launch(kernel, Elements(kernel.Rows, kernel.Columns));
}
