namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Work that is cut into numbered blocks which do not depend on each other.</summary>
internal interface IBlockWork
{
    /// <summary>Does one block.</summary>
    void Run(int block);
}
