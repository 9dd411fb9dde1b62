using System.Numerics;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Probes, rates, vector operations of a step.</content>
public sealed unsafe partial class CpuBackend
{
    private double[] coefficientScratch = [];
    private Matrix[] matrixScratch = [];
    private int[] segmentScratch = [];

    /// <inheritdoc/>
    protected override void FillProbesCore(
        in ProbeSequence sequence, IndexBuffer samples, IndexBuffer stages, Matrix probes)
    {
        var work = new ProbeWork { Sequence = sequence, Samples = Own(samples), Stages = Own(stages), Probes = Own(probes) };
        pool.Run(work, Own(probes).Panels);
    }

    /// <inheritdoc/>
    protected override void FillUnitTangentsCore(int first, Matrix tangents)
    {
        CpuMatrix matrix = Own(tangents);
        for (int k = 0; k < matrix.Segments; k++)
        {
            for (int panel = 0; panel < matrix.Panels; panel++)
            {
                float* values = matrix.Panel(k, panel);
                new Span<float>(values, matrix.Columns * CpuMatrix.PanelRows).Clear();
                if (first + k < matrix.Columns)
                {
                    new Span<float>(values + ((first + k) * CpuMatrix.PanelRows), CpuMatrix.PanelRows).Fill(1);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void MixVelocitiesCore(Matrix velocity, ReadOnlySpan<double> weights, Matrix field)
    {
        CpuMatrix source = Own(velocity), destination = Own(field);
        int count = destination.Columns * CpuMatrix.PanelRows;
        for (int panel = 0; panel < destination.Panels; panel++)
        {
            float* sum = destination.Panel(0, panel);
            bool first = true;
            for (int c = 0; c < weights.Length; c++)
            {
                if (weights[c] == 0)
                {
                    continue;
                }

                float* values = source.Panel(c, panel);
                var weight = new Vector<float>((float)weights[c]);
                for (int i = 0; i < count; i += Vector<float>.Count)
                {
                    Vector<float> term = weight * Vector.Load(values + i);
                    (first ? term : Vector.Load(sum + i) + term).Store(sum + i);
                }

                first = false;
            }

            if (first)
            {
                new Span<float>(sum, count).Clear();
            }
        }
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
        var work = new RateWork
        {
            Velocity = Own(velocity),
            Stack = stack,
            Score = score is null ? null : Own(score),
            ScoreSegments = Keep(scoreSegments, ref segmentScratch),
            Field = Own(field),
            Probes = Own(probes),
            Reduction = reduction,
            Accumulate = mode == GradientMode.Accumulate,
            Rates = Own(rates),
            KnownDivergence = knownDivergence is null ? null : Own(knownDivergence),
        };
        pool.Run(work, Own(field).Panels);
    }

    /// <inheritdoc/>
    protected override void CombineCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Matrix output)
    {
        var work = new CombineWork
        {
            Source = Own(x),
            Derivatives = Keep(derivatives, ref matrixScratch),
            Coefficients = Keep(coefficients, ref coefficientScratch),
            Count = coefficients.Length,
            Output = Own(output),
        };
        pool.Run(work, Own(output).Panels);
    }

    /// <inheritdoc/>
    protected override void AddScaledCore(Accumulator rates, double weight, Accumulator total)
    {
        for (int s = 0; s < total.Series; s++)
        {
            Span<double> sum = Own(total).Values(s);
            Span<double> rate = Own(rates).Values(s);
            for (int r = 0; r < sum.Length; r++)
            {
                sum[r] += weight * rate[r];
            }
        }
    }

    /// <inheritdoc/>
    protected override void StandardNormalLogDensityCore(Matrix points, Accumulator result)
    {
        CpuMatrix x = Own(points);
        Span<double> sums = Own(result).Values(0);
        double normalization = x.Columns * Math.Log(2 * Math.PI);
        double* squares = stackalloc double[CpuMatrix.PanelRows];
        for (int panel = 0; panel < x.Panels; panel++)
        {
            new Span<double>(squares, CpuMatrix.PanelRows).Clear();
            PanelSums.AddProducts(x.Panel(0, panel), x.Panel(0, panel), x.Columns, squares);
            for (int r = 0; r < x.RowsIn(panel); r++)
            {
                sums[(panel * CpuMatrix.PanelRows) + r] = -0.5 * (squares[r] + normalization);
            }
        }
    }

    /// <inheritdoc/>
    protected override void MarkNonFiniteCore(Matrix points, Accumulator totals, int mark, IndexBuffer status)
    {
        CpuMatrix x = Own(points);
        Span<int> marks = Own(status).Values;
        for (int r = 0; r < x.Rows; r++)
        {
            float* row = x.Row(0, r);
            bool finite = true;
            for (int j = 0; j < x.Columns; j++)
            {
                finite &= float.IsFinite(row[j * CpuMatrix.PanelRows]);
            }

            for (int s = 0; s < totals.Series; s++)
            {
                finite &= double.IsFinite(Own(totals).Values(s)[r]);
            }

            if (!finite && marks[r] == 0)
            {
                marks[r] = mark;
            }
        }
    }

    /// <summary>A copy of a span's elements that worker threads may read; grows once, then allocates nothing.</summary>
    private static T[] Keep<T>(ReadOnlySpan<T> values, ref T[] scratch)
    {
        if (scratch.Length < values.Length)
        {
            scratch = new T[values.Length];
        }

        values.CopyTo(scratch);
        return scratch;
    }

    private struct ProbeWork : IBlockWork
    {
        public ProbeSequence Sequence;
        public HostIndexBuffer Samples;
        public HostIndexBuffer Stages;
        public CpuMatrix Probes;

        public readonly void Run(int block)
        {
            int columns = Probes.Columns;
            Span<float> values = columns <= 1024 ? stackalloc float[columns] : new float[columns];
            for (int k = 0; k < Probes.Segments; k++)
            {
                float* panel = Probes.Panel(k, block);
                for (int r = 0; r < Probes.RowsIn(block); r++)
                {
                    int row = (block * CpuMatrix.PanelRows) + r;
                    Sequence.Fill(Samples.Values[row], k, Stages.Values[row], values);
                    for (int j = 0; j < columns; j++)
                    {
                        panel[(j * CpuMatrix.PanelRows) + r] = values[j];
                    }
                }
            }
        }
    }

    private struct CombineWork : IBlockWork
    {
        public CpuMatrix Source;
        public Matrix[] Derivatives;
        public double[] Coefficients;
        public int Count;
        public CpuMatrix Output;

        public readonly void Run(int block)
        {
            int count = Output.Columns * CpuMatrix.PanelRows;
            float* output = Output.Panel(0, block);
            float* source = Source.Panel(0, block);
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> sum = Vector.Load(source + i);
                for (int k = 0; k < Count; k++)
                {
                    if (Coefficients[k] != 0)
                    {
                        sum += new Vector<float>((float)Coefficients[k]) * Vector.Load(Own(Derivatives[k]).Panel(0, block) + i);
                    }
                }

                sum.Store(output + i);
            }
        }
    }
}
