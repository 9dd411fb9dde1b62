using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Embedded error of each row in units of the tolerance, summed in float64 by a team of threads per row.</summary>
internal struct ErrorNormsKernel : IKernel<ErrorNormsKernel>
{
    public MatrixView Before;
    public MatrixView After;
    public Terms Terms;
    public ArrayView<double> Steps;
    public double Absolute;
    public double Relative;
    public ArrayView<double> Norms;
    public int Rows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(ErrorNormsKernel k)
    {
        int r = RowTeam.Row;
        double sum = 0;
        if (r < k.Rows)
        {
            double h = k.Steps[r];
            for (int j = RowTeam.Lane; j < k.Columns; j += RowTeam.Lanes)
            {
                double before = Math.Abs(k.Before.Get(r, j));
                double after = Math.Abs(k.After.Get(r, j));
                double scaled = h * k.Terms.Sum(r, j) / (k.Absolute + (k.Relative * (before > after ? before : after)));
                sum += scaled * scaled;
            }
        }

        double total = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0)
        {
            k.Norms[r] = Math.Sqrt(total / k.Columns);
        }
    }
}
