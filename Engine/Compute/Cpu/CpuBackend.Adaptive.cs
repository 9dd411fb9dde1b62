using System.Numerics;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>A step, a time or a destination per row.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    protected override void CombineRowsCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Accumulator steps, Matrix output)
    {
        CpuMatrix source = Own(x), destination = Own(output);
        Span<double> h = Own(steps).Values(0);
        for (int panel = 0; panel < destination.Panels; panel++)
        {
            float* from = source.Panel(0, panel);
            float* to = destination.Panel(0, panel);
            int rows = destination.RowsIn(panel);
            for (int j = 0; j < destination.Columns; j++)
            {
                for (int r = 0; r < rows; r++)
                {
                    int at = (j * CpuMatrix.PanelRows) + r;
                    double sum = 0;
                    for (int i = 0; i < coefficients.Length; i++)
                    {
                        sum += coefficients[i] == 0 ? 0 : coefficients[i] * Own(derivatives[i]).Panel(0, panel)[at];
                    }

                    double change = coefficients.IsEmpty ? 0 : h[(panel * CpuMatrix.PanelRows) + r] * sum;
                    to[at] = (float)(from[at] + change);
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
        CpuMatrix before = Own(x), after = Own(next);
        for (int r = 0; r < before.Rows; r++)
        {
            float* a = before.Row(0, r);
            float* b = after.Row(0, r);
            double h = Own(steps).Values(0)[r];
            double sum = 0;
            for (int j = 0; j < before.Columns; j++)
            {
                int at = j * CpuMatrix.PanelRows;
                double error = 0;
                for (int i = 0; i < coefficients.Length; i++)
                {
                    error += coefficients[i] == 0 ? 0 : coefficients[i] * Own(derivatives[i]).Row(0, r)[at];
                }

                double scaled = h * error / (absolute + (relative * Math.Max(Math.Abs(a[at]), Math.Abs(b[at]))));
                sum += scaled * scaled;
            }

            Own(norms).Values(0)[r] = Math.Sqrt(sum / before.Columns);
        }
    }

    /// <inheritdoc/>
    protected override void AddScaledRowsCore(
        Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total) =>
        HostSums.AddScaledRows(rates, weights, factor, slots, total);

    /// <inheritdoc/>
    protected override void StoreRowsCore(Matrix source, IndexBuffer destinations, Matrix destination)
    {
        CpuMatrix from = Own(source), to = Own(destination);
        Span<int> rows = Own(destinations).Values;
        for (int r = 0; r < rows.Length; r++)
        {
            if (rows[r] < 0)
            {
                continue;
            }

            float* a = from.Row(0, r);
            float* b = to.Row(0, rows[r]);
            for (int j = 0; j < from.Columns; j++)
            {
                b[j * CpuMatrix.PanelRows] = a[j * CpuMatrix.PanelRows];
            }
        }
    }

    /// <inheritdoc/>
    protected override void StoreSumsCore(Accumulator source, IndexBuffer destinations, Accumulator destination) =>
        HostSums.Store(source, destinations, destination);

    /// <inheritdoc/>
    protected override void TrackDisagreementCore(PathSchedule schedule, in MarginalFields fields, IndexBuffer slots, Accumulator largest)
    {
        CpuMatrix own = Own(fields.Points);
        Span<int> slot = Own(slots).Values;
        Span<double> maxima = Own(largest).Values(0);
        double t = 0, c = 0, factor = 0;
        for (int r = 0; r < own.Rows; r++)
        {
            if (r == 0 || fields.TimePerRow)
            {
                t = Math.Min(*Own(fields.Times).Row(0, r), schedule.LatestTime);
                c = schedule.ScoreWeight(t);
                factor = schedule.Sigma(t) / c;
            }

            float* x = own.Row(0, r);
            float* u = Own(fields.Velocity).Row(fields.VelocitySegment, r);
            float* s = Own(fields.Score).Row(fields.ScoreSegment, r);
            double sum = 0;
            for (int j = 0; j < own.Columns; j++)
            {
                int at = j * CpuMatrix.PanelRows;
                double difference = (c * s[at]) - ((t * u[at]) - x[at]);
                sum += difference * difference;
            }

            maxima[slot[r]] = Math.Max(maxima[slot[r]], factor * Math.Sqrt(sum / own.Columns));
        }
    }

    /// <inheritdoc/>
    protected override void BlendScoreCore(PathSchedule schedule, ScoreBlend blend, in MarginalFields fields)
    {
        // One coefficient per row of a panel; rows beyond the last keep what they have.
        float* kept = stackalloc float[CpuMatrix.PanelRows];
        float* ofVelocity = stackalloc float[CpuMatrix.PanelRows];
        float* ofPoint = stackalloc float[CpuMatrix.PanelRows];
        CpuMatrix own = Own(fields.Points);
        for (int panel = 0; panel < own.Panels; panel++)
        {
            for (int lane = 0; lane < CpuMatrix.PanelRows && (panel == 0 || fields.TimePerRow); lane++)
            {
                int r = (panel * CpuMatrix.PanelRows) + lane;
                double t = *Own(fields.Times).Row(0, fields.TimePerRow ? Math.Min(r, own.Rows - 1) : 0);
                double weight = blend.Weight(t);
                double factor = weight == 0 ? 0 : weight / schedule.ScoreWeight(t);
                kept[lane] = (float)(1 - weight);
                ofVelocity[lane] = (float)(factor * t);
                ofPoint[lane] = (float)factor;
            }

            float* x = own.Panel(0, panel);
            float* u = Own(fields.Velocity).Panel(fields.VelocitySegment, panel);
            float* s = Own(fields.Score).Panel(fields.ScoreSegment, panel);
            for (int i = 0; i < own.Columns * CpuMatrix.PanelRows; i += Vector<float>.Count)
            {
                int lane = i % CpuMatrix.PanelRows;
                Vector<float> implied = (Vector.Load(ofVelocity + lane) * Vector.Load(u + i)) - (Vector.Load(ofPoint + lane) * Vector.Load(x + i));
                ((Vector.Load(kept + lane) * Vector.Load(s + i)) + implied).Store(s + i);
            }
        }
    }
}
