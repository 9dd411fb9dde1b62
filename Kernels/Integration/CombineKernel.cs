using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>output = x + sum of coefficients times matrices, or without x (a mixture of velocities).</summary>
internal struct CombineKernel : IKernel<CombineKernel>
{
    public MatrixView Source;
    public Terms Terms;
    public MatrixView Output;
    public int Rows;
    public int Columns;

    /// <summary>1 with x.</summary>
    public int HasSource;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(CombineKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        float sum = 0;
        if (k.HasSource != 0)
        {
            sum = k.Source.Get(r, j);
        }

        k.Output.Set(r, j, k.Terms.AddTo(sum, r, j));
    }
}
