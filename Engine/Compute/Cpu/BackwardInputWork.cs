using System.Numerics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>One task of dX = dY W, with selu' of the input or accumulation in the epilogue.</summary>
internal unsafe struct BackwardInputWork : IBlockWork
{
    public CpuKernels Kernels;
    public CpuMatrix OutputGradient;
    public PackedWeights Weights;
    public CpuMatrix? InputActivation;
    public bool Accumulate;
    public CpuMatrix InputGradient;
    public GemmPlan Plan;

    public readonly void Run(int block)
    {
        (int panelStart, int panelEnd, int blockStart, int blockEnd) = Plan.Task(block);
        float* edge = stackalloc float[Weights.TileColumns * CpuMatrix.PanelRows];
        for (int b = blockStart; b < blockEnd; b++)
        {
            int first = b * Weights.TileColumns;
            int columns = Math.Min(Weights.TileColumns, Weights.Outputs - first);
            long offset = (long)first * CpuMatrix.PanelRows;
            for (int panel = panelStart; panel < panelEnd; panel++)
            {
                float* tile = InputGradient.Panel(0, panel) + offset;
                float* gradient = OutputGradient.Panel(0, panel);
                if (Accumulate)
                {
                    Kernels.GemmTile(gradient, Weights.Block(b), Weights.TileColumns, Weights.Inner, edge, CpuMatrix.PanelRows);
                    Add(edge, columns * CpuMatrix.PanelRows, tile);
                    continue;
                }

                Gemm.Tile(Kernels, gradient, Weights, b, columns, edge, tile);
                if (InputActivation is not null)
                {
                    Kernels.MultiplyBySeluDerivative(tile, InputActivation.Panel(0, panel) + offset, columns);
                }
            }
        }
    }

    private static void Add(float* source, int count, float* sum)
    {
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            (Vector.Load(sum + i) + Vector.Load(source + i)).Store(sum + i);
        }
    }
}
