using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>Replaces each number by the table's entry.</summary>
internal struct LookUpKernel : IKernel<LookUpKernel>
{
    public ArrayView<int> Table;
    public ArrayView<int> Numbers;
    public int Count;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(LookUpKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Numbers[i] = k.Table[k.Numbers[i]];
        }
    }
}
