using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Integration;

/// <summary>total += weight rates; the second coordinate of the grid is the series.</summary>
internal struct AddScaledKernel : IKernel<AddScaledKernel>
{
    public ArrayView<double> Rates;
    public ArrayView<double> Total;
    public int RateStride;
    public int TotalStride;
    public int Rows;
    public double Weight;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AddScaledKernel k)
    {
        int r = KernelIndex.Element;
        if (r < k.Rows)
        {
            k.Total[(Grid.IdxY * k.TotalStride) + r] += k.Weight * k.Rates[(Grid.IdxY * k.RateStride) + r];
        }
    }
}
