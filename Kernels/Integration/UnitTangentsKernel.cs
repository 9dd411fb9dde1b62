using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Coordinate directions; the second coordinate of the grid is the segment.</summary>
internal struct UnitTangentsKernel : IKernel<UnitTangentsKernel>
{
    public MatrixView Tangents;
    public int Rows;
    public int Columns;

    /// <summary>Coordinate of segment 0.</summary>
    public int First;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(UnitTangentsKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r < k.Rows)
        {
            k.Tangents.Set(Grid.IdxY, r, j, j == k.First + Grid.IdxY ? 1f : 0f);
        }
    }
}
