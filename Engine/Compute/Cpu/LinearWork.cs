namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>One task of a layer's forward pass: tiles of primal segments first, then of the tangents that need their outputs.</summary>
internal unsafe struct LinearWork : IBlockWork
{
    public CpuKernels Kernels;
    public CpuMatrix Input;
    public PackedWeights Weights;
    public float* Bias;
    public Activation Activation;
    public StackLayout Stack;
    public CpuMatrix Output;
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
                for (int segment = 0; segment < Stack.Segments; segment++)
                {
                    float* tile = Output.Panel(segment, panel) + offset;
                    Gemm.Tile(Kernels, Input.Panel(segment, panel), Weights, b, columns, edge, tile);
                    if (segment >= Stack.PrimalSegments)
                    {
                        if (Activation == Activation.Selu)
                        {
                            Kernels.MultiplyBySeluDerivative(
                                tile, Output.Panel(Stack.PrimalOf(segment), panel) + offset, columns);
                        }
                        else if (Activation == Activation.Elu)
                        {
                            Kernels.MultiplyByEluDerivative(
                                tile, Output.Panel(Stack.PrimalOf(segment), panel) + offset, columns);
                        }
                    }
                    else if (Bias is not null)
                    {
                        Kernels.BiasActivation(tile, Bias + first, columns, Activation);
                    }
                    else if (Activation != Activation.None)
                    {
                        new Span<float>(edge, columns).Clear();
                        Kernels.BiasActivation(tile, edge, columns, Activation);
                    }
                }
            }
        }
    }
}
