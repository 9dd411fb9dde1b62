using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>Path samples and targets, one thread per four columns of a row: the four deviates of one Philox block.</summary>
internal struct SamplePathKernel : IKernel<SamplePathKernel>
{
    public MatrixView Data;
    public ArrayView<int> DataRows;
    public MatrixView Times;
    public MatrixView ScoreWeight;
    public MatrixView Points;
    public MatrixView VelocityTarget;
    public MatrixView ScoreTarget;
    public int Rows;
    public int Columns;
    public PathConstants Path;
    public double LatestTime;
    public ulong Seed;

    /// <summary>Number of the batch.</summary>
    public long Step;

    /// <summary>1 where rows are paired, 0 otherwise; kernels take no bool.</summary>
    public int Mirrored;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(SamplePathKernel k)
    {
        const int columnsPerThread = 4;
        int i = KernelIndex.Element;
        int quads = (k.Columns + columnsPerThread - 1) / columnsPerThread;
        int r = i / quads;
        int quad = i - (r * quads);
        if (r >= k.Rows)
        {
            return;
        }

        int noiseRow = PathSampler.NoiseRow(r, k.Mirrored != 0);
        double sign = noiseRow == r ? 1.0 : -1.0;

        // The schedule is steep near t = 1: it is evaluated in float64 at the unrounded time.
        double t = k.LatestTime * PathSampler.UnitTime(k.Seed, k.Step, noiseRow);
        double sigma = k.Path.Sigma(t);
        double sigmaPrime = k.Path.SigmaPrime(t);
        if (quad == 0)
        {
            k.Times.Set(r, 0, (float)t);
            k.ScoreWeight.Set(r, 0, (float)k.Path.ScoreWeight(t));
        }

        int dataRow = k.DataRows[r];
        PhiloxBlock block = PathSampler.Noise(k.Seed, k.Step, noiseRow, quad);
        for (int c = 0; c < columnsPerThread; c++)
        {
            int j = (quad * columnsPerThread) + c;
            if (j < k.Columns)
            {
                double noise = sign * NormalDeviates.Of(block, c);
                double target = k.Data.Get(dataRow, j);
                k.Points.Set(r, j, (float)((t * target) + (sigma * noise)));
                k.VelocityTarget.Set(r, j, (float)(target + (sigmaPrime * noise)));
                k.ScoreTarget.Set(r, j, (float)(-(sigma - (t * sigmaPrime)) * noise));
            }
        }
    }
}
