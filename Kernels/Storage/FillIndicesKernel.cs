using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Storage;

/// <summary>Sets integers to one value.</summary>
internal struct FillIndicesKernel : IKernel<FillIndicesKernel>
{
    public ArrayView<int> Values;
    public int Count;
    public int Value;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(FillIndicesKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Values[i] = k.Value;
        }
    }
}
