using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Averages the targets of one panel of a batch over references.</summary>
internal unsafe struct TargetAverageWork : IBlockWork
{
    // Panels of more columns take their scratch from the heap: a thread's stack has a megabyte.
    private const int LargestStackColumns = 512;

    public CpuKernels Kernels;
    public PathSchedule Schedule;
    public CpuMatrix Data;
    public HostIndexBuffer DataRows;
    public HostIndexBuffer Groups;
    public HostIndexBuffer ReferenceRows;
    public HostIndexBuffer ReferenceGroups;
    public float* References;
    public float* Exponents;
    public CpuMatrix Times;
    public CpuMatrix Points;
    public CpuMatrix VelocityTarget;
    public CpuMatrix ScoreTarget;

    public readonly void Run(int block)
    {
        int floats = 2 * Points.Columns * CpuMatrix.PanelRows;
        if (Points.Columns <= LargestStackColumns)
        {
            float* scratch = stackalloc float[floats];
            Run(block, scratch);
            return;
        }

        fixed (float* scratch = new float[floats])
        {
            Run(block, scratch);
        }
    }

    private readonly void Run(int block, float* scratch)
    {
        const int lanes = CpuMatrix.PanelRows;
        int rows = Points.RowsIn(block);
        float* values = stackalloc float[6 * lanes];
        new Span<float>(values, 6 * lanes).Clear();
        float* own = scratch, differences = scratch + (Points.Columns * lanes);
        new Span<float>(own, Points.Columns * lanes).Clear();
        for (int r = 0; r < rows; r++)
        {
            double t = Times.Panel(0, block)[r], variance = Schedule.SigmaSquared(t);
            values[r] = (float)-t;
            values[lanes + r] = (float)(0.5 / variance);
            values[(2 * lanes) + r] = (float)(-Schedule.ScoreWeight(t) / variance);
            values[(3 * lanes) + r] = Groups.Values[(block * lanes) + r];
            int row = DataRows.Values[(block * lanes) + r];
            values[(4 * lanes) + r] = row & TargetAverageRows.LowBits;
            values[(5 * lanes) + r] = row & ~TargetAverageRows.LowBits;
            float* source = Data.Row(0, row);
            for (int j = 0; j < Points.Columns; j++)
            {
                own[(j * lanes) + r] = source[j * lanes];
            }
        }

        fixed (int* referenceGroups = ReferenceGroups.Values, referenceRows = ReferenceRows.Values)
        {
            Kernels.AverageTargets(new TargetAverageRows
            {
                Columns = Points.Columns,
                Count = ReferenceGroups.Length,
                References = References,
                ReferenceRows = referenceRows,
                ReferenceGroups = referenceGroups,
                NegativeTimes = values,
                Precisions = values + lanes,
                Slopes = values + (2 * lanes),
                Groups = values + (3 * lanes),
                LowRows = values + (4 * lanes),
                HighRows = values + (5 * lanes),
                Points = Points.Panel(0, block),
                Own = own,
                Differences = differences,
                Exponents = Exponents + ((long)block * ReferenceGroups.Length * lanes),
                Velocity = VelocityTarget.Panel(0, block),
                Score = ScoreTarget.Panel(0, block),
            });
        }
    }
}
