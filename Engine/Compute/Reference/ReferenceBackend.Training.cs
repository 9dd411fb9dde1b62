using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Reference;

/// <content>Batches, path samples, loss, optimiser.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void SelectRowsCore(int population, ulong seed, long step, IndexBuffer rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Own(rows)[i] = PathSampler.Row(population, seed, (step * rows.Length) + i);
        }
    }

    /// <inheritdoc/>
    protected override void SelectConditionsCore(
        IndexBuffer categories, IndexBuffer rows, double dropProbability, int covariate, ulong seed, long step, IndexBuffer selected)
    {
        for (int i = 0; i < selected.Length; i++)
        {
            bool drop = PathSampler.Drops(dropProbability, covariate, seed, step, i);
            Own(selected)[i] = drop ? -1 : Own(categories)[Own(rows)[i]];
        }
    }

    /// <inheritdoc/>
    protected override void SamplePathCore(
        PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, bool mirrored, PathBatch batch)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            int noiseRow = PathSampler.NoiseRow(r, mirrored);
            double t = PathSampler.Time(schedule, seed, step, noiseRow);
            double sigma = schedule.Sigma(t);
            double sigmaPrime = schedule.SigmaPrime(t);
            Span<double> target = Own(data).Row(0, Own(rows)[r]);
            Own(batch.Times).Row(0, r)[0] = t;
            Own(batch.ScoreWeight).Row(0, r)[0] = schedule.ScoreWeight(t);
            for (int j = 0; j < target.Length; j++)
            {
                double noise = (noiseRow == r ? 1 : -1) * PathSampler.Noise(seed, step, noiseRow, j >> 2).Normal(j & 3);
                Own(batch.Points).Row(0, r)[j] = (t * target[j]) + (sigma * noise);
                Own(batch.VelocityTarget).Row(0, r)[j] = target[j] + (sigmaPrime * noise);
                Own(batch.ScoreTarget).Row(0, r)[j] = -(sigma - (t * sigmaPrime)) * noise;
            }
        }
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
        for (int r = 0; r < rows.Length; r++)
        {
            double t = Own(batch.Times).Row(0, r)[0];
            Span<double> own = Own(data).Row(0, Own(rows)[r]);
            double[] exponents = new double[references.Length];
            for (int i = 0; i < references.Length; i++)
            {
                // Relative to the own row, whose exponent is 0.
                exponents[i] = Own(referenceGroups)[i] != Own(groups)[r] || Own(references)[i] == Own(rows)[r]
                    ? double.NegativeInfinity
                    : (SquaredDistance(batch, r, t, own) - SquaredDistance(batch, r, t, Own(data).Row(0, Own(references)[i])))
                        / (2 * schedule.SigmaSquared(t));
            }

            double largest = Math.Max(0, exponents.DefaultIfEmpty(0).Max());
            double total = Math.Exp(-largest);
            double[] difference = new double[own.Length];
            for (int i = 0; i < references.Length; i++)
            {
                double weight = Math.Exp(exponents[i] - largest);
                if (weight > SmallestTargetWeight)
                {
                    total += weight;
                    Span<double> other = Own(data).Row(0, Own(references)[i]);
                    for (int j = 0; j < own.Length; j++)
                    {
                        difference[j] += weight * (own[j] - other[j]);
                    }
                }
            }

            double slope = schedule.ScoreWeight(t) / schedule.SigmaSquared(t);
            for (int j = 0; j < own.Length; j++)
            {
                Own(batch.VelocityTarget).Row(0, r)[j] -= slope * difference[j] / total;
                Own(batch.ScoreTarget).Row(0, r)[j] -= t * slope * difference[j] / total;
            }
        }
    }

    /// <inheritdoc/>
    protected override void SquaredErrorCore(
        Matrix prediction, Matrix target, Matrix? rowWeight, int series, Accumulator loss, Matrix dPrediction)
    {
        double sum = 0;
        double count = (double)prediction.Rows * prediction.Columns;
        for (int r = 0; r < prediction.Rows; r++)
        {
            double weight = rowWeight is null ? 1 : Own(rowWeight).Row(0, r)[0];
            for (int j = 0; j < prediction.Columns; j++)
            {
                double residual = (weight * Own(prediction).Row(0, r)[j]) - Own(target).Row(0, r)[j];
                sum += residual * residual;
                Own(dPrediction).Row(0, r)[j] = 2 * weight * residual / count;
            }
        }

        Own(loss).Values(series)[0] = sum / count;
    }

    /// <inheritdoc/>
    protected override void AdamCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step)
    {
        double[] p = Own(parameters), g = Own(gradients), m = Own(firstMoment), v = Own(secondMoment);
        double squares = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double root = Math.Sqrt((step.Beta2 * v[i]) + ((1 - step.Beta2) * g[i] * g[i])) / step.SecondMomentCorrection;
            double ratio = g[i] / (root + step.Epsilon);
            squares += ratio * ratio / p.Length;
        }

        double scale = step.GradientScale(squares);
        for (int i = 0; i < p.Length; i++)
        {
            double taken = scale * g[i];
            m[i] = (step.Beta1 * m[i]) + ((1 - step.Beta1) * taken);
            v[i] = (step.Beta2 * v[i]) + ((1 - step.Beta2) * taken * taken);
            p[i] -= step.CorrectedRate * m[i] / ((Math.Sqrt(v[i]) / step.SecondMomentCorrection) + step.Epsilon);
        }

        parameters.MarkChanged();
    }

    /// <inheritdoc/>
    protected override void AverageParametersCore(ParameterBuffer parameters, double decay, ParameterBuffer average)
    {
        double[] p = Own(parameters), a = Own(average);
        for (int i = 0; i < p.Length; i++)
        {
            a[i] = (decay * a[i]) + ((1 - decay) * p[i]);
        }

        average.MarkChanged();
    }

    private static double SquaredDistance(PathBatch batch, int row, double t, ReadOnlySpan<double> target)
    {
        double sum = 0;
        for (int j = 0; j < target.Length; j++)
        {
            double difference = Own(batch.Points).Row(0, row)[j] - (t * target[j]);
            sum += difference * difference;
        }

        return sum;
    }
}
