using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>Adds partial sums in a fixed order, by one group.</summary>
internal struct SumPartsKernel : IKernel<SumPartsKernel>
{
    public ArrayView<double> Parts;
    public int Count;

    /// <summary>Factor of the sum.</summary>
    public double Factor;

    /// <summary>Receives the result in its first element.</summary>
    public ArrayView<double> Result;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(SumPartsKernel k)
    {
        double sum = 0;
        for (int i = Group.IdxX; i < k.Count; i += LaunchShape.TeamThreads)
        {
            sum += k.Parts[i];
        }

        double total = GroupSum.Of(sum);
        if (Group.IdxX == 0)
        {
            k.Result[0] = k.Factor * total;
        }
    }
}
