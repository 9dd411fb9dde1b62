using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Layers;

/// <summary>Copies rows of a table by index; index -1 gives zeros.</summary>
internal struct GatherRowsKernel : IKernel<GatherRowsKernel>
{
    public MatrixView Table;
    public ArrayView<int> Indices;
    public MatrixView Output;
    public int Rows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(GatherRowsKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        int index = k.Indices[r];
        float value = 0;
        if (index >= 0)
        {
            value = k.Table.Get(index, j);
        }

        k.Output.Set(r, j, value);
    }
}
