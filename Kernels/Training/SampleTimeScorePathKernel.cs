using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>Samples and targets of a time score's path, by a team of threads per row, each with four columns at a time.</summary>
internal struct SampleTimeScorePathKernel : IKernel<SampleTimeScorePathKernel>
{
    public MatrixView Source;
    public MatrixView Target;
    public MatrixView Points;
    public MatrixView Times;
    public MatrixView Weight;
    public MatrixView WeightSlope;
    public MatrixView RootWeight;
    public MatrixView ScoreTarget;
    public int Rows;
    public int Columns;

    /// <summary>Columns of the score's target: as many as the points have, 1 for their sum, 0 for none.</summary>
    public int TargetColumns;
    public TimeScoreConstants Path;
    public double FirstTime;
    public double LastTime;
    public ulong Seed;

    /// <summary>Number of the batch.</summary>
    public long Step;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(SampleTimeScorePathKernel k)
    {
        const int columnsPerBlock = 4;
        int r = RowTeam.Row;
        double sum = 0;
        if (r < k.Rows)
        {
            double t = k.FirstTime + ((k.LastTime - k.FirstTime) * PathSampler.UnitTime(k.Seed, k.Step, r));
            double deviation = Math.Sqrt(k.Path.NoiseVariance(t));
            double noiseTarget = k.Path.NoiseTarget(t);
            double displacementTarget = k.Path.DisplacementTarget(t);
            if (RowTeam.Lane == 0)
            {
                double weight = k.Path.Weight(t);
                k.Times.Set(r, 0, (float)t);
                k.Weight.Set(r, 0, (float)weight);
                k.WeightSlope.Set(r, 0, (float)k.Path.WeightSlope(t));
                k.RootWeight.Set(r, 0, (float)Math.Sqrt(weight));
            }

            for (int first = RowTeam.Lane * columnsPerBlock; first < k.Columns; first += RowTeam.Lanes * columnsPerBlock)
            {
                PhiloxBlock block = PathSampler.Noise(k.Seed, k.Step, r, first / columnsPerBlock);
                for (int c = 0; c < columnsPerBlock; c++)
                {
                    int j = first + c;
                    if (j < k.Columns)
                    {
                        double noise = NormalDeviates.Of(block, c);
                        double x1 = k.Target.Get(r, j);
                        double x0 = 0;
                        if (k.Path.IsTwoSided)
                        {
                            x0 = k.Source.Get(r, j);
                        }

                        double mean = (k.Path.SourceCoefficient(t) * x0) + (t * x1);
                        k.Points.Set(r, j, (float)(mean + (deviation * noise)));
                        double value = (noiseTarget * ((noise * noise) - 1)) + (displacementTarget * noise * (x1 - x0));
                        sum += value;
                        if (k.TargetColumns > 1)
                        {
                            k.ScoreTarget.Set(r, j, (float)value);
                        }
                    }
                }
            }
        }

        double total = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0 && k.TargetColumns == 1)
        {
            k.ScoreTarget.Set(r, 0, (float)total);
        }
    }
}
