using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Speed;

/// <summary>Copies memory, 128 bits per thread: the most that a kernel gets of the memory's bandwidth.</summary>
internal struct CopyKernel : IKernel<CopyKernel>
{
    public ArrayView<Float4> Source;
    public ArrayView<Float4> Target;
    public int Count;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(CopyKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Target[i] = k.Source[i];
        }
    }
}
