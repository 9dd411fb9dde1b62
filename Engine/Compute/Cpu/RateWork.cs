namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Log-density rates of one panel of rows for all tracked conditions.</summary>
internal unsafe struct RateWork : IBlockWork
{
    public CpuMatrix Velocity;
    public StackLayout Stack;
    public CpuMatrix? Score;
    public int[] ScoreSegments;
    public CpuMatrix Field;
    public CpuMatrix Probes;
    public DivergenceReduction Reduction;
    public bool Accumulate;
    public HostAccumulator Rates;
    public HostAccumulator? KnownDivergence;

    public readonly void Run(int block)
    {
        const int lanes = CpuMatrix.PanelRows;
        double* correction = stackalloc double[lanes];
        double* divergence = stackalloc double[lanes];
        for (int c = 0; c < Stack.TangentConditions; c++)
        {
            new Span<double>(correction, lanes).Clear();
            if (ScoreSegments[c] >= 0)
            {
                PanelSums.AddDifferenceProducts(
                    Field.Panel(0, block),
                    Velocity.Panel(c, block),
                    Score!.Panel(ScoreSegments[c], block),
                    Field.Columns,
                    correction);
            }

            if (KnownDivergence is not null)
            {
                ReadOnlySpan<double> known = KnownDivergence.Values(c).Slice(block * lanes, Field.RowsIn(block));
                for (int r = 0; r < known.Length; r++)
                {
                    correction[r] -= known[r];
                }
            }

            new Span<double>(divergence, lanes).Clear();
            for (int k = 0; k < Stack.Probes; k++)
            {
                PanelSums.AddProducts(
                    Probes.Panel(k, block), Velocity.Panel(Stack.TangentOf(c, k), block), Field.Columns, divergence);
                if (Reduction == DivergenceReduction.PerProbe)
                {
                    Write(block, (k * Stack.TangentConditions) + c, correction, divergence);
                    new Span<double>(divergence, lanes).Clear();
                }
            }

            if (Reduction == DivergenceReduction.Sum)
            {
                Write(block, c, correction, divergence);
            }
        }
    }

    private readonly void Write(int block, int series, double* correction, double* divergence)
    {
        Span<double> rates = Rates.Values(series).Slice(block * CpuMatrix.PanelRows, Field.RowsIn(block));
        for (int r = 0; r < rates.Length; r++)
        {
            rates[r] = (Accumulate ? rates[r] : 0) + (correction[r] - divergence[r]);
        }
    }
}
