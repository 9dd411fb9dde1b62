namespace FlowRatio.Kernels.Numerics;

/// <summary>Which element a thread works on, in kernels where every thread works alone.</summary>
internal static class KernelIndex
{
    /// <summary>Number of this thread along the first direction of the grid.</summary>
    public static int Element => (Grid.IdxX * Group.DimX) + Group.IdxX;
}
