using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>output_r = x_r + h_r times a sum of coefficients times matrices, in float64 until the store.</summary>
internal struct CombineRowsKernel : IKernel<CombineRowsKernel>
{
    public MatrixView Source;
    public Terms Terms;
    public ArrayView<double> Steps;
    public MatrixView Output;
    public int Rows;
    public int Columns;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(CombineRowsKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        double value = k.Source.Get(r, j);
        if (k.Terms.Count > 0)
        {
            value += k.Steps[r] * k.Terms.Sum(r, j);
        }

        k.Output.Set(r, j, (float)value);
    }
}
