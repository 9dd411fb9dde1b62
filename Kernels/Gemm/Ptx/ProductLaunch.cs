using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>A launch of a kernel in PTX; devices know it, it has no code in C#.</summary>
internal struct ProductLaunch : IKernel<ProductLaunch>
{
    public ProductKernel Kernel;
    public ProductArguments Arguments;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static bool RunSameCode(in ProductLaunch one, in ProductLaunch other) => ReferenceEquals(one.Kernel, other.Kernel);

    /// <inheritdoc/>
    public static void Run(ProductLaunch k)
    {
    }
}
