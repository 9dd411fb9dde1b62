using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>total_r += weight times the sum of row r, in float64 by a team of threads per row.</summary>
internal struct AddRowSumsKernel : IKernel<AddRowSumsKernel>
{
    public MatrixView Values;
    public ArrayView<double> Total;
    public double Weight;
    public int Rows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(AddRowSumsKernel k)
    {
        int r = RowTeam.Row;
        double sum = 0;
        if (r < k.Rows)
        {
            for (int j = RowTeam.Lane; j < k.Columns; j += RowTeam.Lanes)
            {
                sum += k.Values.Get(r, j);
            }
        }

        double total = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0)
        {
            k.Total[r] += k.Weight * total;
        }
    }
}
