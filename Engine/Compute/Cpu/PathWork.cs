using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Path samples of one panel of a batch: schedule per row in float64, deviates and products vector by vector.</summary>
internal unsafe struct PathWork : IBlockWork
{
    private const int WordsPerBlock = 4;

    public CpuKernels Kernels;
    public PathSchedule Schedule;
    public CpuMatrix Data;
    public HostIndexBuffer DataRows;
    public ulong Seed;
    public long Step;
    public bool Mirrored;
    public CpuMatrix Times;
    public CpuMatrix Points;
    public CpuMatrix VelocityTarget;
    public CpuMatrix ScoreTarget;
    public CpuMatrix ScoreWeight;

    public readonly void Run(int block)
    {
        const int lanes = CpuMatrix.PanelRows;
        int first = block * lanes;
        int rows = Points.RowsIn(block);
        float* sigmas = stackalloc float[3 * lanes];
        new Span<float>(sigmas, 3 * lanes).Clear();
        var panelRows = new PathRows(Times.Panel(0, block), sigmas, sigmas + lanes, sigmas + (2 * lanes));
        for (int r = 0; r < rows; r++)
        {
            double t = PathSampler.Time(Schedule, Seed, Step, PathSampler.NoiseRow(first + r, Mirrored));
            double sigma = Schedule.Sigma(t), sigmaPrime = Schedule.SigmaPrime(t);
            panelRows.Times[r] = (float)t;
            panelRows.Sigma[r] = (float)sigma;
            panelRows.SigmaPrime[r] = (float)sigmaPrime;
            panelRows.ScoreFactor[r] = (float)-(sigma - (t * sigmaPrime));
            ScoreWeight.Panel(0, block)[r] = (float)Schedule.ScoreWeight(t);
            CopyTarget(DataRows.Values[first + r], VelocityTarget.Panel(0, block) + r);
        }

        float* noise = stackalloc float[WordsPerBlock * lanes];
        for (int j = 0; j < Points.Columns; j++)
        {
            if (j % WordsPerBlock == 0)
            {
                FillNoise(first, rows, j / WordsPerBlock, noise);
            }

            long at = (long)j * lanes;
            Kernels.PathFeature(
                panelRows,
                noise + (j % WordsPerBlock * lanes),
                Points.Panel(0, block) + at,
                VelocityTarget.Panel(0, block) + at,
                ScoreTarget.Panel(0, block) + at);
        }
    }

    private readonly void CopyTarget(int row, float* destination)
    {
        float* source = Data.Row(0, row);
        for (int j = 0; j < Data.Columns; j++)
        {
            destination[j * CpuMatrix.PanelRows] = source[j * CpuMatrix.PanelRows];
        }
    }

    /// <summary>Four features' deviates of all rows. A panel has an even number of lanes, so both rows of a pair are in it.</summary>
    private readonly void FillNoise(int first, int rows, int quad, float* noise)
    {
        const int lanes = CpuMatrix.PanelRows;
        uint* words = stackalloc uint[WordsPerBlock * lanes];
        for (int r = 0; r < rows; r++)
        {
            PhiloxBlock random = PathSampler.Noise(Seed, Step, PathSampler.NoiseRow(first + r, Mirrored), quad);
            words[r] = random.X0;
            words[lanes + r] = random.X1;
            words[(2 * lanes) + r] = random.X2;
            words[(3 * lanes) + r] = random.X3;
        }

        Kernels.Normals(words, words + lanes, noise, noise + lanes);
        Kernels.Normals(words + (2 * lanes), words + (3 * lanes), noise + (2 * lanes), noise + (3 * lanes));
        for (int i = 1; Mirrored && i < WordsPerBlock * lanes; i += 2)
        {
            noise[i] = -noise[i];
        }
    }
}
