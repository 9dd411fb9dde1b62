namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Packs several weights of one buffer; the first task of each is given, so that a task finds its weight.</summary>
internal struct PackWork : IBlockWork
{
    public PackedWeights[] Weights;
    public int[] FirstTasks;
    public int Count;

    public readonly void Run(int block)
    {
        int weight = Array.BinarySearch(FirstTasks, 0, Count, block);
        weight = weight < 0 ? ~weight - 1 : weight;
        Weights[weight].Pack(block - FirstTasks[weight]);
    }
}
