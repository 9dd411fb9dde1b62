using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>log N(x; 0, I) of each row, summed in float64 by a team of threads per row.</summary>
internal struct NormalLogDensityKernel : IKernel<NormalLogDensityKernel>
{
    public MatrixView Points;
    public ArrayView<double> Result;
    public int Rows;
    public int Columns;

    /// <summary>d log(2 pi).</summary>
    public double Normalization;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(NormalLogDensityKernel k)
    {
        int r = RowTeam.Row;
        double sum = 0;
        if (r < k.Rows)
        {
            for (int j = RowTeam.Lane; j < k.Columns; j += RowTeam.Lanes)
            {
                double x = k.Points.Get(r, j);
                sum += x * x;
            }
        }

        double squares = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0)
        {
            k.Result[r] = -0.5 * (squares + k.Normalization);
        }
    }
}
