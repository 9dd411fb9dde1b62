namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Both backward products of a layer as one list of tasks: no thread waits between them.</summary>
internal struct BackwardWork : IBlockWork
{
    public BackwardInputWork Input;
    public WeightGradientWork Weights;

    public readonly int Tasks => Input.Plan.Tasks + Weights.Tasks;

    public readonly void Run(int block)
    {
        int inputTasks = Input.Plan.Tasks;
        if (block < inputTasks)
        {
            Input.Run(block);
        }
        else
        {
            Weights.Run(block - inputTasks);
        }
    }
}
