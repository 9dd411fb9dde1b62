using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Integration;

/// <summary>
/// Chains the rows of each slot: heads[slot] is one of its rows, next[row] another one, -1 ends. The chain's order is chance, but
/// <see cref="AddLinkedRowsKernel"/> goes through it by row number.
/// </summary>
internal struct LinkRowsKernel : IKernel<LinkRowsKernel>
{
    public ArrayView<int> Slots;

    /// <summary>One per slot, -1 at first.</summary>
    public ArrayView<int> Heads;

    /// <summary>One per row.</summary>
    public ArrayView<int> Next;
    public int Rows;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(LinkRowsKernel k)
    {
        int r = KernelIndex.Element;
        if (r < k.Rows)
        {
            k.Next[r] = Atomic.Exchange(ref k.Heads[k.Slots[r]], r);
        }
    }
}
