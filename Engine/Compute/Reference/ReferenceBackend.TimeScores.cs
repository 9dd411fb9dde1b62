using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Reference;

/// <content>Time scores.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void SampleTimeScorePathCore(
        TimeScorePath path, Matrix source, Matrix target, ulong seed, long step, TimeScoreBatch batch)
    {
        for (int r = 0; r < target.Rows; r++)
        {
            double t = PathSampler.Time(path, seed, step, r);
            double deviation = Math.Sqrt(path.NoiseVariance(t));
            double noiseTarget = path.NoiseTarget(t), displacementTarget = path.DisplacementTarget(t);
            Own(batch.Times).Row(0, r)[0] = t;
            Own(batch.Weight).Row(0, r)[0] = path.Weight(t);
            Own(batch.WeightSlope).Row(0, r)[0] = path.WeightSlope(t);
            Own(batch.RootWeight).Row(0, r)[0] = Math.Sqrt(path.Weight(t));
            Span<double> x0 = Own(source).Row(0, r), x1 = Own(target).Row(0, r);
            double sum = 0;
            for (int j = 0; j < x1.Length; j++)
            {
                double noise = PathSampler.Noise(seed, step, r, j >> 2).Normal(j & 3);
                double mean = (path.IsTwoSided ? path.SourceCoefficient(t) * x0[j] : 0) + (t * x1[j]);
                double displacement = path.IsTwoSided ? x1[j] - x0[j] : x1[j];
                Own(batch.Points).Row(0, r)[j] = mean + (deviation * noise);
                double value = (noiseTarget * ((noise * noise) - 1)) + (displacementTarget * noise * displacement);
                sum += value;
                if (batch.Target is { Columns: > 1 })
                {
                    Own(batch.Target).Row(0, r)[j] = value;
                }
            }

            if (batch.Target is { Columns: 1 })
            {
                Own(batch.Target).Row(0, r)[0] = sum;
            }
        }
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
        double sum = 0;
        double count = output.Rows;
        for (int r = 0; r < output.Rows; r++)
        {
            double score = Own(output).Row(0, r)[0];
            double atSource = Own(output).Row(1, r)[0], atTarget = Own(output).Row(2, r)[0];
            double derivative = Own(output).Row(3, r)[0];
            double lambda = Own(weight).Row(0, r)[0], slope = Own(weightSlope).Row(0, r)[0];
            sum += (2 * sourceWeight * atSource) - (2 * targetWeight * atTarget)
                + (2 * lambda * derivative) + (2 * slope * score) + (lambda * score * score);
            Own(dOutput).Row(0, r)[0] = 2 * (slope + (lambda * score)) / count;
            Own(dOutput).Row(1, r)[0] = 2 * sourceWeight / count;
            Own(dOutput).Row(2, r)[0] = -2 * targetWeight / count;
            Own(dOutput).Row(3, r)[0] = 2 * lambda / count;
        }

        Own(loss).Values(series)[0] = sum / count;
    }

    /// <inheritdoc/>
    protected override void AddRowSumsCore(Matrix values, double weight, int series, Accumulator total)
    {
        for (int r = 0; r < values.Rows; r++)
        {
            double sum = 0;
            foreach (double value in Own(values).Row(0, r))
            {
                sum += value;
            }

            Own(total).Values(series)[r] += weight * sum;
        }
    }
}
