using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Integration;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Backend;

/// <content>A step, a time or a destination per row.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    protected override void CombineRowsCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Accumulator steps, Matrix output)
    {
        var kernel = new CombineRowsKernel
        {
            Source = Own(x).View,
            Steps = Own(steps).SeriesView(0),
            Output = Own(output).View,
            Rows = output.Rows,
            Columns = output.Columns,
        };
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] == 0)
            {
                continue;
            }

            if (kernel.Terms.Count == Terms.Most)
            {
                Device.Launch(kernel, Elements(kernel.Rows, kernel.Columns));
                (kernel.Source, kernel.Terms) = (kernel.Output, default);
            }

            kernel.Terms.Append(Own(derivatives[i]).View, coefficients[i]);
        }

        Device.Launch(kernel, Elements(kernel.Rows, kernel.Columns));
    }

    /// <inheritdoc/>
    protected override void ErrorNormsCore(
        Matrix x,
        Matrix next,
        ReadOnlySpan<Matrix> derivatives,
        ReadOnlySpan<double> coefficients,
        Accumulator steps,
        double absolute,
        double relative,
        Accumulator norms)
    {
        var kernel = new ErrorNormsKernel
        {
            Before = Own(x).View,
            After = Own(next).View,
            Steps = Own(steps).SeriesView(0),
            Absolute = absolute,
            Relative = relative,
            Norms = Own(norms).SeriesView(0),
            Rows = x.Rows,
            Columns = x.Columns,
        };
        MatrixView? gathered = null;
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] == 0)
            {
                continue;
            }

            if (kernel.Terms.Count == Terms.Most)
            {
                gathered = Gather(kernel.Terms, x, gathered);
                kernel.Terms = default;
                kernel.Terms.Append(gathered.Value, 1);
            }

            kernel.Terms.Append(Own(derivatives[i]).View, coefficients[i]);
        }

        Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(x.Rows)));
    }

    /// <inheritdoc/>
    protected override void AddScaledRowsCore(
        Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total)
    {
        ArrayView<int> heads = chainHeads.Reserve(total.Rows), links = chainLinks.Reserve(rates.Rows);
        Device.Launch(
            new FillIndicesKernel { Values = heads, Count = total.Rows, Value = -1 }, LaunchShape.Elements(total.Rows));
        var link = new LinkRowsKernel { Slots = Own(slots).View, Heads = heads, Next = links, Rows = rates.Rows };
        Device.Launch(link, LaunchShape.Elements(rates.Rows));
        var add = new AddLinkedRowsKernel
        {
            Rates = Own(rates).View,
            RateStride = rates.Capacity,
            Weights = Own(weights).SeriesView(0),
            Factor = factor,
            Heads = heads,
            Next = links,
            Total = Own(total).View,
            TotalStride = total.Capacity,
            Slots = total.Rows,
        };
        Device.Launch(add, LaunchShape.Elements(total.Rows) with { Y = total.Series });
    }

    /// <inheritdoc/>
    protected override void StoreRowsCore(Matrix source, IndexBuffer destinations, Matrix destination)
    {
        var kernel = new StoreRowsKernel
        {
            Source = Own(source).View,
            Destinations = Own(destinations).View,
            Destination = Own(destination).View,
            Rows = source.Rows,
            Columns = source.Columns,
        };
        Device.Launch(kernel, Elements(source.Rows, source.Columns));
    }

    /// <inheritdoc/>
    protected override void StoreSumsCore(Accumulator source, IndexBuffer destinations, Accumulator destination)
    {
        var kernel = new StoreSumsKernel
        {
            Source = Own(source).View,
            SourceStride = source.Capacity,
            Destinations = Own(destinations).View,
            Destination = Own(destination).View,
            DestinationStride = destination.Capacity,
            Rows = source.Rows,
        };
        Device.Launch(kernel, LaunchShape.Elements(source.Rows) with { Y = source.Series });
    }

    /// <inheritdoc/>
    protected override void TrackDisagreementCore(PathSchedule schedule, in MarginalFields fields, IndexBuffer slots, Accumulator largest)
    {
        var kernel = new DisagreementKernel
        {
            Times = Own(fields.Times).View,
            Points = Own(fields.Points).View,
            Velocity = Own(fields.Velocity).View,
            Score = Own(fields.Score).View,
            VelocitySegment = fields.VelocitySegment,
            ScoreSegment = fields.ScoreSegment,
            Slots = Own(slots).View,
            Largest = Own(largest).SeriesView(0).Cast<long>(),
            Rows = fields.Rows,
            Columns = fields.Columns,
            Path = schedule.Constants,
            LatestTime = schedule.LatestTime,
            TimePerRow = fields.TimePerRow ? 1 : 0,
        };
        Device.Launch(kernel, LaunchShape.Teams(RowTeam.Groups(fields.Rows)));
    }

    /// <inheritdoc/>
    protected override void BlendScoreCore(PathSchedule schedule, ScoreBlend blend, in MarginalFields fields)
    {
        var kernel = new BlendScoreKernel
        {
            Times = Own(fields.Times).View,
            Points = Own(fields.Points).View,
            Velocity = Own(fields.Velocity).Segment(fields.VelocitySegment),
            Score = Own(fields.Score).Segment(fields.ScoreSegment),
            Rows = fields.Rows,
            Columns = fields.Columns,
            Path = schedule.Constants,
            Blend = blend,
            TimePerRow = fields.TimePerRow ? 1 : 0,
        };
        Device.Launch(kernel, Elements(kernel.Rows, kernel.Columns));
    }

    /// <summary>Sums terms into scratch memory, for a method of more stages than a launch has terms.</summary>
    private MatrixView Gather(in Terms terms, Matrix like, MatrixView? target)
    {
        MatrixView sum = target ?? new MatrixView
        {
            Values = gatheredTerms.Reserve((long)like.Rows * like.Columns), Stride = like.Columns,
        };
        Launch(new CombineKernel { Terms = terms, Output = sum, Rows = like.Rows, Columns = like.Columns });
        return sum;
    }
}
