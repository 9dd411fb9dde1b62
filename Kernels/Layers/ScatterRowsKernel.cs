using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Layers;

/// <summary>Sums, for one element of a table, the gradients of the rows that had copied it, in the order of the rows.</summary>
internal struct ScatterRowsKernel : IKernel<ScatterRowsKernel>
{
    public MatrixView OutputGradient;
    public ArrayView<int> Indices;
    public MatrixView TableGradient;
    public int Rows;
    public int TableRows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ScatterRowsKernel k)
    {
        int i = KernelIndex.Element;
        int m = i / k.Columns;
        int j = i - (m * k.Columns);
        if (m >= k.TableRows)
        {
            return;
        }

        float sum = 0;
        for (int r = 0; r < k.Rows; r++)
        {
            if (k.Indices[r] == m)
            {
                sum += k.OutputGradient.Get(r, j);
            }
        }

        k.TableGradient.Set(m, j, sum);
    }
}
