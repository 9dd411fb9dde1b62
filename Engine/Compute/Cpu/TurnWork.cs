namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The preparation of a weight gradient: both operands turned so that rows become the inner index.</summary>
internal struct TurnWork : IBlockWork
{
    public WeightGradientWork Work;

    public readonly void Run(int block)
    {
        if (block < Work.InputChunks)
        {
            Work.TurnInput(block);
        }
        else
        {
            Work.TurnOutput(block - Work.InputChunks);
        }
    }
}
