using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Copies rows to their destinations; -1 skips.</summary>
internal struct StoreRowsKernel : IKernel<StoreRowsKernel>
{
    public MatrixView Source;
    public ArrayView<int> Destinations;
    public MatrixView Destination;
    public int Rows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(StoreRowsKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r < k.Rows)
        {
            int row = k.Destinations[r];
            if (row >= 0)
            {
                k.Destination.Set(row, j, k.Source.Get(r, j));
            }
        }
    }
}
