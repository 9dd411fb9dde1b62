using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>Number of a combination so far, with one covariate more: number (n + 1) + category + 1.</summary>
internal struct AppendCategoryKernel : IKernel<AppendCategoryKernel>
{
    public ArrayView<int> Categories;
    public ArrayView<int> Numbers;
    public int Count;

    /// <summary>Categories of the covariate.</summary>
    public int Size;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AppendCategoryKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Numbers[i] = (k.Numbers[i] * (k.Size + 1)) + k.Categories[i] + 1;
        }
    }
}
