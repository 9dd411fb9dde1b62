using System.Numerics;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Batches, path samples, loss, optimiser.</content>
public sealed unsafe partial class CpuBackend
{
    private const int ParametersPerBlock = 1 << 14;

    /// <inheritdoc/>
    protected override void SelectRowsCore(int population, ulong seed, long step, IndexBuffer rows)
    {
        Span<int> values = Own(rows).Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = PathSampler.Row(population, seed, (step * values.Length) + i);
        }
    }

    /// <inheritdoc/>
    protected override void SelectConditionsCore(
        IndexBuffer categories, IndexBuffer rows, double dropProbability, int covariate, ulong seed, long step, IndexBuffer selected)
    {
        Span<int> values = Own(selected).Values;
        for (int i = 0; i < values.Length; i++)
        {
            bool drop = dropProbability > 0 && PathSampler.Drops(dropProbability, covariate, seed, step, i);
            values[i] = drop ? -1 : Own(categories).Values[Own(rows).Values[i]];
        }
    }

    /// <inheritdoc/>
    protected override void SamplePathCore(
        PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, PathBatch batch)
    {
        var work = new PathWork
        {
            Schedule = schedule,
            Data = Own(data),
            DataRows = Own(rows),
            Seed = seed,
            Step = step,
            Times = Own(batch.Times),
            Points = Own(batch.Points),
            VelocityTarget = Own(batch.VelocityTarget),
            ScoreTarget = Own(batch.ScoreTarget),
            ScoreWeight = Own(batch.ScoreWeight),
        };
        pool.Run(work, Own(batch.Points).Panels);
    }

    /// <inheritdoc/>
    protected override void SquaredErrorCore(
        Matrix prediction, Matrix target, Matrix? rowWeight, int series, Accumulator loss, Matrix dPrediction)
    {
        CpuMatrix own = Own(prediction);
        if (partialSums.Length < own.Panels)
        {
            partialSums = new double[own.Panels];
        }

        var work = new SquaredErrorWork
        {
            Prediction = own,
            Target = Own(target),
            RowWeight = rowWeight is null ? null : Own(rowWeight),
            Gradient = Own(dPrediction),
            PartialSums = partialSums,
        };
        pool.Run(work, own.Panels);

        // Panel by panel, whoever computed them: the same bits for any number of threads.
        double sum = 0;
        for (int panel = 0; panel < own.Panels; panel++)
        {
            sum += partialSums[panel];
        }

        Own(loss).Values(series)[0] = sum / ((double)own.Rows * own.Columns);
    }

    /// <inheritdoc/>
    protected override void AdamCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step)
    {
        var work = new AdamWork
        {
            Parameters = Own(parameters).Pointer,
            Gradients = Own(gradients).Pointer,
            FirstMoment = Own(firstMoment).Pointer,
            SecondMoment = Own(secondMoment).Pointer,
            Length = parameters.Length,
            Step = step,
        };
        pool.Run(work, DivideUp(parameters.Length, ParametersPerBlock));
        Own(parameters).MarkChanged();
    }

    /// <inheritdoc/>
    protected override void AverageParametersCore(ParameterBuffer parameters, double decay, ParameterBuffer average)
    {
        var work = new AverageWork
        {
            Parameters = Own(parameters).Pointer,
            Average = Own(average).Pointer,
            Length = parameters.Length,
            Kept = (float)decay,
            Taken = (float)(1 - decay),
        };
        pool.Run(work, DivideUp(parameters.Length, ParametersPerBlock));
        Own(average).MarkChanged();
    }

    private struct PathWork : IBlockWork
    {
        public PathSchedule Schedule;
        public CpuMatrix Data;
        public HostIndexBuffer DataRows;
        public ulong Seed;
        public long Step;
        public CpuMatrix Times;
        public CpuMatrix Points;
        public CpuMatrix VelocityTarget;
        public CpuMatrix ScoreTarget;
        public CpuMatrix ScoreWeight;

        public readonly void Run(int block)
        {
            int first = block * CpuMatrix.PanelRows;
            for (int r = first; r < first + Points.RowsIn(block); r++)
            {
                double t = PathSampler.Time(Schedule, Seed, Step, r);
                double sigma = Schedule.Sigma(t);
                double sigmaPrime = Schedule.SigmaPrime(t);
                double scoreFactor = -(sigma - (t * sigmaPrime));
                *Times.Row(0, r) = (float)t;
                *ScoreWeight.Row(0, r) = (float)Schedule.ScoreWeight(t);
                float* target = Data.Row(0, DataRows.Values[r]);
                float* point = Points.Row(0, r);
                float* velocity = VelocityTarget.Row(0, r);
                float* score = ScoreTarget.Row(0, r);
                PhiloxBlock random = default;
                (double First, double Second) normals = default;
                for (int j = 0; j < Points.Columns; j++)
                {
                    switch (j & 3)
                    {
                        case 0:
                            random = PathSampler.Noise(Seed, Step, r, j >> 2);
                            normals = random.Normal01;
                            break;
                        case 2:
                            normals = random.Normal23;
                            break;
                    }

                    double noise = (j & 1) == 0 ? normals.First : normals.Second;
                    int at = j * CpuMatrix.PanelRows;
                    double x = target[at];
                    point[at] = (float)((t * x) + (sigma * noise));
                    velocity[at] = (float)(x + (sigmaPrime * noise));
                    score[at] = (float)(scoreFactor * noise);
                }
            }
        }
    }

    private struct SquaredErrorWork : IBlockWork
    {
        public CpuMatrix Prediction;
        public CpuMatrix Target;
        public CpuMatrix? RowWeight;
        public CpuMatrix Gradient;
        public double[] PartialSums;

        public readonly void Run(int block)
        {
            float* prediction = Prediction.Panel(0, block);
            float* target = Target.Panel(0, block);
            float* gradient = Gradient.Panel(0, block);
            float* weights = RowWeight is null ? null : RowWeight.Panel(0, block);
            int rows = Prediction.RowsIn(block);
            float scale = (float)(2.0 / ((double)Prediction.Rows * Prediction.Columns));
            double sum = 0;
            for (int j = 0; j < Prediction.Columns; j++)
            {
                for (int r = 0; r < rows; r++)
                {
                    int at = (j * CpuMatrix.PanelRows) + r;
                    float weight = weights is null ? 1 : weights[r];
                    float residual = (weight * prediction[at]) - target[at];
                    sum += (double)residual * residual;
                    gradient[at] = scale * weight * residual;
                }
            }

            PartialSums[block] = sum;
        }
    }

    private struct AdamWork : IBlockWork
    {
        public float* Parameters;
        public float* Gradients;
        public float* FirstMoment;
        public float* SecondMoment;
        public int Length;
        public AdamStep Step;

        public readonly void Run(int block)
        {
            int start = block * ParametersPerBlock;
            int end = Math.Min(start + ParametersPerBlock, Length);
            float beta1 = (float)Step.Beta1, beta2 = (float)Step.Beta2;
            float rate = (float)Step.CorrectedRate, epsilon = (float)Step.Epsilon;
            float rootScale = (float)(1 / Step.SecondMomentCorrection);
            float rest1 = (float)(1 - Step.Beta1), rest2 = (float)(1 - Step.Beta2);
            int i = start;
            for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
            {
                Vector<float> g = Vector.Load(Gradients + i);
                Vector<float> m = (beta1 * Vector.Load(FirstMoment + i)) + (rest1 * g);
                Vector<float> v = (beta2 * Vector.Load(SecondMoment + i)) + (rest2 * g * g);
                m.Store(FirstMoment + i);
                v.Store(SecondMoment + i);
                Vector<float> root = (rootScale * Vector.SquareRoot(v)) + new Vector<float>(epsilon);
                (Vector.Load(Parameters + i) - (rate * m / root)).Store(Parameters + i);
            }

            for (; i < end; i++)
            {
                float g = Gradients[i];
                FirstMoment[i] = (beta1 * FirstMoment[i]) + (rest1 * g);
                SecondMoment[i] = (beta2 * SecondMoment[i]) + (rest2 * g * g);
                Parameters[i] -= rate * FirstMoment[i] / ((rootScale * MathF.Sqrt(SecondMoment[i])) + epsilon);
            }
        }
    }

    private struct AverageWork : IBlockWork
    {
        public float* Parameters;
        public float* Average;
        public int Length;
        public float Kept;
        public float Taken;

        public readonly void Run(int block)
        {
            int start = block * ParametersPerBlock;
            int end = Math.Min(start + ParametersPerBlock, Length);
            int i = start;
            for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
            {
                Vector<float> sum = (Kept * Vector.Load(Average + i)) + (Taken * Vector.Load(Parameters + i));
                sum.Store(Average + i);
            }

            for (; i < end; i++)
            {
                Average[i] = (Kept * Average[i]) + (Taken * Parameters[i]);
            }
        }
    }
}
