using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Reference;

/// <content>A step, a time or a destination per row.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void CombineRowsCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Accumulator steps, Matrix output)
    {
        for (int r = 0; r < output.Rows; r++)
        {
            double h = Own(steps).Values(0)[r];
            Span<double> row = Own(output).Row(0, r);
            Own(x).Row(0, r).CopyTo(row);
            for (int i = 0; i < coefficients.Length; i++)
            {
                if (coefficients[i] != 0)
                {
                    AddScaled(h * coefficients[i], Own(derivatives[i]).Row(0, r), row);
                }
            }
        }
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
        double[] error = new double[x.Columns];
        for (int r = 0; r < x.Rows; r++)
        {
            Array.Clear(error);
            for (int i = 0; i < coefficients.Length; i++)
            {
                if (coefficients[i] != 0)
                {
                    AddScaled(Own(steps).Values(0)[r] * coefficients[i], Own(derivatives[i]).Row(0, r), error);
                }
            }

            double sum = 0;
            for (int j = 0; j < error.Length; j++)
            {
                double size = Math.Max(Math.Abs(Own(x).Row(0, r)[j]), Math.Abs(Own(next).Row(0, r)[j]));
                double scaled = error[j] / (absolute + (relative * size));
                sum += scaled * scaled;
            }

            Own(norms).Values(0)[r] = Math.Sqrt(sum / error.Length);
        }
    }

    /// <inheritdoc/>
    protected override void AddScaledRowsCore(
        Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total) =>
        HostSums.AddScaledRows(rates, weights, factor, slots, total);

    /// <inheritdoc/>
    protected override void StoreRowsCore(Matrix source, IndexBuffer destinations, Matrix destination)
    {
        for (int r = 0; r < source.Rows; r++)
        {
            int row = Own(destinations)[r];
            if (row >= 0)
            {
                Own(source).Row(0, r).CopyTo(Own(destination).Row(0, row));
            }
        }
    }

    /// <inheritdoc/>
    protected override void StoreSumsCore(Accumulator source, IndexBuffer destinations, Accumulator destination) =>
        HostSums.Store(source, destinations, destination);

    /// <inheritdoc/>
    protected override void TrackDisagreementCore(PathSchedule schedule, in MarginalFields fields, IndexBuffer slots, Accumulator largest)
    {
        for (int r = 0; r < fields.Rows; r++)
        {
            double t = Math.Min(Own(fields.Times).Row(0, fields.TimePerRow ? r : 0)[0], schedule.LatestTime);
            double c = schedule.ScoreWeight(t);
            Span<double> x = Own(fields.Points).Row(0, r);
            Span<double> u = Own(fields.Velocity).Row(fields.VelocitySegment, r);
            Span<double> s = Own(fields.Score).Row(fields.ScoreSegment, r);
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
            {
                double difference = (c * s[j]) - ((t * u[j]) - x[j]);
                sum += difference * difference;
            }

            ref double value = ref Own(largest).Values(0)[Own(slots)[r]];
            value = Math.Max(value, schedule.Sigma(t) / c * Math.Sqrt(sum / x.Length));
        }
    }

    /// <inheritdoc/>
    protected override void BlendScoreCore(PathSchedule schedule, ScoreBlend blend, in MarginalFields fields)
    {
        for (int r = 0; r < fields.Rows; r++)
        {
            double t = Own(fields.Times).Row(0, fields.TimePerRow ? r : 0)[0];
            double weight = blend.Weight(t);
            if (weight == 0)
            {
                continue;
            }

            double c = schedule.ScoreWeight(t);
            Span<double> x = Own(fields.Points).Row(0, r);
            Span<double> u = Own(fields.Velocity).Row(fields.VelocitySegment, r);
            Span<double> s = Own(fields.Score).Row(fields.ScoreSegment, r);
            for (int j = 0; j < x.Length; j++)
            {
                s[j] = ((1 - weight) * s[j]) + (weight * ((t * u[j]) - x[j]) / c);
            }
        }
    }
}
