using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Time scores.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    protected override void SampleTimeScorePathCore(
        TimeScorePath path, Matrix source, Matrix target, ulong seed, long step, TimeScoreBatch batch)
    {
        var work = new TimeScorePathWork
        {
            Path = path,
            Source = Own(source),
            Target = Own(target),
            Seed = seed,
            Step = step,
            Points = Own(batch.Points),
            Times = Own(batch.Times),
            Weight = Own(batch.Weight),
            WeightSlope = Own(batch.WeightSlope),
            RootWeight = Own(batch.RootWeight),
            ScoreTarget = batch.Target is null ? null : Own(batch.Target),
        };
        pool.Run(work, Own(target).Panels);
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
        // A few numbers per row: not worth a second thread.
        CpuMatrix scores = Own(output), gradient = Own(dOutput);
        double sum = 0;
        double scale = 2.0 / scores.Rows;
        for (int panel = 0; panel < scores.Panels; panel++)
        {
            float* score = scores.Panel(0, panel), atSource = scores.Panel(1, panel), atTarget = scores.Panel(2, panel);
            float* derivative = scores.Panel(3, panel);
            float* lambda = Own(weight).Panel(0, panel), slope = Own(weightSlope).Panel(0, panel);
            float* dScore = gradient.Panel(0, panel), dSource = gradient.Panel(1, panel), dTarget = gradient.Panel(2, panel);
            float* dDerivative = gradient.Panel(3, panel);
            for (int r = 0; r < scores.RowsIn(panel); r++)
            {
                double s = score[r], l = lambda[r], ds = slope[r];
                sum += (2 * ((sourceWeight * atSource[r]) - (targetWeight * atTarget[r]) + (l * derivative[r]) + (ds * s))) + (l * s * s);
                dScore[r] = (float)(scale * (ds + (l * s)));
                dSource[r] = (float)(scale * sourceWeight);
                dTarget[r] = (float)(-scale * targetWeight);
                dDerivative[r] = (float)(scale * l);
            }
        }

        Own(loss).Values(series)[0] = sum / scores.Rows;
    }

    /// <inheritdoc/>
    protected override void AddRowSumsCore(Matrix values, double weight, int series, Accumulator total)
    {
        CpuMatrix summands = Own(values);
        Span<double> totals = Own(total).Values(series);
        double* sums = stackalloc double[CpuMatrix.PanelRows];
        for (int panel = 0; panel < summands.Panels; panel++)
        {
            new Span<double>(sums, CpuMatrix.PanelRows).Clear();
            float* column = summands.Panel(0, panel);
            for (int j = 0; j < summands.Columns; j++, column += CpuMatrix.PanelRows)
            {
                for (int r = 0; r < CpuMatrix.PanelRows; r++)
                {
                    sums[r] += column[r];
                }
            }

            for (int r = 0; r < summands.RowsIn(panel); r++)
            {
                totals[(panel * CpuMatrix.PanelRows) + r] += weight * sums[r];
            }
        }
    }

    private struct TimeScorePathWork : IBlockWork
    {
        public TimeScorePath Path;
        public CpuMatrix Source;
        public CpuMatrix Target;
        public ulong Seed;
        public long Step;
        public CpuMatrix Points;
        public CpuMatrix Times;
        public CpuMatrix Weight;
        public CpuMatrix WeightSlope;
        public CpuMatrix RootWeight;
        public CpuMatrix? ScoreTarget;

        public readonly void Run(int block)
        {
            int first = block * CpuMatrix.PanelRows;
            for (int r = first; r < first + Target.RowsIn(block); r++)
            {
                double t = PathSampler.Time(Path, Seed, Step, r);
                double weight = Path.Weight(t);
                *Times.Row(0, r) = (float)t;
                *Weight.Row(0, r) = (float)weight;
                *WeightSlope.Row(0, r) = (float)Path.WeightSlope(t);
                *RootWeight.Row(0, r) = (float)Math.Sqrt(weight);
                Sample(r, t);
            }
        }

        private readonly void Sample(int r, double t)
        {
            double sourceCoefficient = Path.SourceCoefficient(t), deviation = Math.Sqrt(Path.NoiseVariance(t));
            double noiseTarget = Path.NoiseTarget(t), displacementTarget = Path.DisplacementTarget(t);
            float* x0 = Path.IsTwoSided ? Source.Row(0, r) : null;
            float* x1 = Target.Row(0, r);
            float* point = Points.Row(0, r);
            float* score = ScoreTarget is null ? null : ScoreTarget.Row(0, r);
            bool isSum = ScoreTarget is { Columns: 1 };
            PhiloxBlock random = default;
            (double First, double Second) normals = default;
            double sum = 0;
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
                double start = x0 is null ? 0 : x0[at];
                double end = x1[at];
                point[at] = (float)((sourceCoefficient * start) + (t * end) + (deviation * noise));
                if (score is null)
                {
                    continue;
                }

                double value = (noiseTarget * ((noise * noise) - 1)) + (displacementTarget * noise * (end - start));
                sum += value;
                if (!isSum)
                {
                    score[at] = (float)value;
                }
            }

            if (isSum)
            {
                *score = (float)sum;
            }
        }
    }
}
