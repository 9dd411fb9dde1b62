using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Marks rows that hold a non-finite value, one thread per value; all of a row's threads would write the same mark.</summary>
internal struct MarkNonFiniteKernel : IKernel<MarkNonFiniteKernel>
{
    public MatrixView Points;
    public ArrayView<double> Totals;
    public int SeriesStride;
    public ArrayView<int> Status;
    public int Rows;
    public int Columns;
    public int Series;
    public int Mark;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(MarkNonFiniteKernel k)
    {
        int i = KernelIndex.Element;
        int values = k.Columns + k.Series;
        int r = i / values;
        int j = i - (r * values);
        if (r >= k.Rows)
        {
            return;
        }

        bool isFinite;
        if (j < k.Columns)
        {
            isFinite = float.IsFinite(k.Points.Get(r, j));
        }
        else
        {
            isFinite = double.IsFinite(k.Totals[((j - k.Columns) * k.SeriesStride) + r]);
        }

        if (!isFinite)
        {
            Atomic.CompareExchange(ref k.Status[r], 0, k.Mark);
        }
    }
}
