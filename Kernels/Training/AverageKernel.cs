using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>Exponential average of weights, one thread per parameter.</summary>
internal struct AverageKernel : IKernel<AverageKernel>
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Average;
    public int Count;
    public float Kept;
    public float Taken;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AverageKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            k.Average[i] = (k.Kept * k.Average[i]) + (k.Taken * k.Parameters[i]);
        }
    }
}
