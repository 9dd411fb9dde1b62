using System.Numerics;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Batches, path samples, loss, optimiser.</content>
public sealed unsafe partial class CpuBackend
{
    private const int ParametersPerBlock = 1 << 14;
    private double[] ratioSums = [];

    /// <inheritdoc/>
    protected override void SelectRowsCore(int population, ulong seed, long step, IndexBuffer rows)
    {
        var work = new RowWork { Population = population, Seed = seed, Step = step, Rows = Own(rows) };
        pool.Run(work, Division.Up(rows.Length, RowWork.RowsPerBlock));
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
        PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, bool mirrored, PathBatch batch)
    {
        var work = new PathWork
        {
            Kernels = kernels,
            Schedule = schedule,
            Data = Own(data),
            DataRows = Own(rows),
            Seed = seed,
            Step = step,
            Mirrored = mirrored,
            Times = Own(batch.Times),
            Points = Own(batch.Points),
            VelocityTarget = Own(batch.VelocityTarget),
            ScoreTarget = Own(batch.ScoreTarget),
            ScoreWeight = Own(batch.ScoreWeight),
        };
        pool.Run(work, Own(batch.Points).Panels);
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
        CpuMatrix points = Own(batch.Points);
        long exponents = (long)points.Panels * references.Length * CpuMatrix.PanelRows;
        long rowsOfReferences = (long)references.Length * points.Columns;
        if (targetScratch.Length < exponents + rowsOfReferences)
        {
            targetScratch = new AlignedArray(exponents + rowsOfReferences);
        }

        float* gathered = targetScratch.Pointer + exponents;
        for (int i = 0; i < references.Length; i++)
        {
            float* source = Own(data).Row(0, Own(references).Values[i]);
            for (int j = 0; j < points.Columns; j++)
            {
                gathered[((long)i * points.Columns) + j] = source[j * CpuMatrix.PanelRows];
            }
        }

        var work = new TargetAverageWork
        {
            Kernels = kernels,
            Schedule = schedule,
            Data = Own(data),
            DataRows = Own(rows),
            Groups = Own(groups),
            ReferenceRows = Own(references),
            ReferenceGroups = Own(referenceGroups),
            References = gathered,
            Exponents = targetScratch.Pointer,
            Times = Own(batch.Times),
            Points = points,
            VelocityTarget = Own(batch.VelocityTarget),
            ScoreTarget = Own(batch.ScoreTarget),
        };
        pool.Run(work, points.Panels);
        GC.KeepAlive(targetScratch);
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
        pool.Run(Work(parameters, gradients, firstMoment, secondMoment, step), Division.Up(parameters.Length, ParametersPerBlock));
        Repack(parameters);
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
        var work = new AdamAndAverageWork
        {
            Adam = Work(parameters, gradients, firstMoment, secondMoment, step), Average = Work(parameters, decay, average),
        };
        pool.Run(work, Division.Up(parameters.Length, ParametersPerBlock));
        Repack(parameters);
        Own(average).MarkChanged();
    }

    /// <inheritdoc/>
    protected override void AverageParametersCore(ParameterBuffer parameters, double decay, ParameterBuffer average)
    {
        pool.Run(Work(parameters, decay, average), Division.Up(parameters.Length, ParametersPerBlock));
        Own(average).MarkChanged();
    }

    private AdamWork Work(
        ParameterBuffer parameters, ParameterBuffer gradients, ParameterBuffer firstMoment, ParameterBuffer secondMoment, in AdamStep step) => new()
    {
        Parameters = Own(parameters).Pointer,
        Gradients = Own(gradients).Pointer,
        FirstMoment = Own(firstMoment).Pointer,
        SecondMoment = Own(secondMoment).Pointer,
        Length = parameters.Length,
        Step = step,
        GradientScale = GradientScale(gradients, secondMoment, step),
    };

    /// <summary>The factor of a gradient whose ratios are bounded; their squares are added block by block, so that threads do not enter.</summary>
    private float GradientScale(ParameterBuffer gradients, ParameterBuffer secondMoment, in AdamStep step)
    {
        if (step.LargestRatio <= 0)
        {
            return 1;
        }

        int blocks = Division.Up(gradients.Length, ParametersPerBlock);
        if (ratioSums.Length < blocks)
        {
            ratioSums = new double[blocks];
        }

        fixed (double* sums = ratioSums)
        {
            var work = new RatioWork
            {
                Gradients = Own(gradients).Pointer, SecondMoment = Own(secondMoment).Pointer, Length = gradients.Length, Step = step, Sums = sums,
            };
            pool.Run(work, blocks);
        }

        double total = 0;
        foreach (double sum in ratioSums.AsSpan(0, blocks))
        {
            total += sum;
        }

        return (float)step.GradientScale(total / gradients.Length);
    }

    private static AverageWork Work(ParameterBuffer parameters, double decay, ParameterBuffer average) => new()
    {
        Parameters = Own(parameters).Pointer,
        Average = Own(average).Pointer,
        Length = parameters.Length,
        Kept = (float)decay,
        Taken = (float)(1 - decay),
    };

    private void Repack(ParameterBuffer parameters)
    {
        long before = parameters.Version;
        Own(parameters).MarkChanged();
        Own(parameters).Repack(before, pool);
    }

    private struct RowWork : IBlockWork
    {
        public const int RowsPerBlock = 64;

        public int Population;
        public ulong Seed;
        public long Step;
        public HostIndexBuffer Rows;

        public readonly void Run(int block)
        {
            Span<int> values = Rows.Values;
            int first = block * RowsPerBlock;
            for (int i = first; i < Math.Min(first + RowsPerBlock, values.Length); i++)
            {
                values[i] = PathSampler.Row(Population, Seed, (Step * values.Length) + i);
            }
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
        public float GradientScale;

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
                Vector<float> g = GradientScale * Vector.Load(Gradients + i);
                Vector<float> m = (beta1 * Vector.Load(FirstMoment + i)) + (rest1 * g);
                Vector<float> v = (beta2 * Vector.Load(SecondMoment + i)) + (rest2 * g * g);
                m.Store(FirstMoment + i);
                v.Store(SecondMoment + i);
                Vector<float> root = (rootScale * Vector.SquareRoot(v)) + new Vector<float>(epsilon);
                (Vector.Load(Parameters + i) - (rate * m / root)).Store(Parameters + i);
            }

            for (; i < end; i++)
            {
                float g = GradientScale * Gradients[i];
                FirstMoment[i] = (beta1 * FirstMoment[i]) + (rest1 * g);
                SecondMoment[i] = (beta2 * SecondMoment[i]) + (rest2 * g * g);
                Parameters[i] -= rate * FirstMoment[i] / ((rootScale * MathF.Sqrt(SecondMoment[i])) + epsilon);
            }
        }
    }

    /// <summary>Squares of gradient / root of the second moment, added up per block.</summary>
    private struct RatioWork : IBlockWork
    {
        public float* Gradients;
        public float* SecondMoment;
        public int Length;
        public AdamStep Step;
        public double* Sums;

        public readonly void Run(int block)
        {
            int start = block * ParametersPerBlock;
            int end = Math.Min(start + ParametersPerBlock, Length);
            float beta2 = (float)Step.Beta2, rest2 = (float)(1 - Step.Beta2), epsilon = (float)Step.Epsilon;
            float rootScale = (float)(1 / Step.SecondMomentCorrection);
            Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
            int i = start;
            for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
            {
                Vector<float> g = Vector.Load(Gradients + i);
                Vector<float> v = (beta2 * Vector.Load(SecondMoment + i)) + (rest2 * g * g);
                Vector<float> ratio = g / ((rootScale * Vector.SquareRoot(v)) + new Vector<float>(epsilon));
                Vector.Widen(ratio * ratio, out Vector<double> first, out Vector<double> second);
                low += first;
                high += second;
            }

            double sum = Vector.Sum(low + high);
            for (; i < end; i++)
            {
                float g = Gradients[i];
                float ratio = g / ((rootScale * MathF.Sqrt((beta2 * SecondMoment[i]) + (rest2 * g * g))) + epsilon);
                sum += ratio * ratio;
            }

            Sums[block] = sum;
        }
    }

    /// <summary>Both, block by block: the average finds its parameters in the cache.</summary>
    private struct AdamAndAverageWork : IBlockWork
    {
        public AdamWork Adam;
        public AverageWork Average;

        public readonly void Run(int block)
        {
            Adam.Run(block);
            Average.Run(block);
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
