namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A thread's memory for one group of rows; grows once, then allocates nothing.</summary>
internal static unsafe class BaseFlowScratch
{
    [ThreadStatic]
    private static AlignedArray? memory;

    /// <summary>At least so many floats, of unspecified values.</summary>
    public static float* Reserve(long floats)
    {
        if (memory is null || memory.Length < floats)
        {
            memory = new AlignedArray(floats);
        }

        return memory.Pointer;
    }
}
