using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>Categories of a batch's rows, some of them dropped: the same choices as on the host, from the same code.</summary>
internal struct SelectConditionsKernel : IKernel<SelectConditionsKernel>
{
    public ArrayView<int> Categories;
    public ArrayView<int> Rows;
    public ArrayView<int> Selected;
    public int Count;
    public double DropProbability;
    public int Covariate;
    public ulong Seed;

    /// <summary>Number of the batch.</summary>
    public long Step;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(SelectConditionsKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            bool drops = PathSampler.Drops(k.DropProbability, k.Covariate, k.Seed, k.Step, i);
            k.Selected[i] = drops ? -1 : k.Categories[k.Rows[i]];
        }
    }
}
