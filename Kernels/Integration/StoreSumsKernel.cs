using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Integration;

/// <summary>Copies sums to their destinations; -1 skips. The second coordinate of the grid is the series.</summary>
internal struct StoreSumsKernel : IKernel<StoreSumsKernel>
{
    public ArrayView<double> Source;
    public int SourceStride;
    public ArrayView<int> Destinations;
    public ArrayView<double> Destination;
    public int DestinationStride;
    public int Rows;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(StoreSumsKernel k)
    {
        int r = KernelIndex.Element;
        if (r < k.Rows)
        {
            int row = k.Destinations[r];
            if (row >= 0)
            {
                k.Destination[(Grid.IdxY * k.DestinationStride) + row] = k.Source[(Grid.IdxY * k.SourceStride) + r];
            }
        }
    }
}
