using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>Row numbers of a batch: the same integers as on the host, from the same code.</summary>
internal struct SelectRowsKernel : IKernel<SelectRowsKernel>
{
    public ArrayView<int> Rows;
    public int Count;
    public int Population;
    public ulong Seed;

    /// <summary>Number of the batch.</summary>
    public long Step;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(SelectRowsKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Rows[i] = PathSampler.Row(k.Population, k.Seed, (k.Step * k.Count) + i);
        }
    }
}
