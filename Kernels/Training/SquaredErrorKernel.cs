using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>
/// Gradient of the weighted squared error, and its sum over the elements of one group, in float64; <see cref="SumPartsKernel"/> adds the
/// groups' sums.
/// </summary>
internal struct SquaredErrorKernel : IKernel<SquaredErrorKernel>
{
    /// <summary>Elements per group.</summary>
    public const int ElementsPerGroup = 1024;

    public MatrixView Prediction;
    public MatrixView Target;
    public MatrixView RowWeight;
    public MatrixView Gradient;
    public int Columns;
    public int Count;

    /// <summary>2 / number of elements.</summary>
    public float Scale;

    /// <summary>1 with row weights.</summary>
    public int IsWeighted;

    /// <summary>One sum per group.</summary>
    public ArrayView<double> Parts;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(SquaredErrorKernel k)
    {
        int first = Grid.IdxX * ElementsPerGroup;
        int end = Math.Min(first + ElementsPerGroup, k.Count);
        double sum = 0;
        for (int i = first + Group.IdxX; i < end; i += LaunchShape.TeamThreads)
        {
            int r = i / k.Columns;
            int j = i - (r * k.Columns);
            float weight = 1;
            if (k.IsWeighted != 0)
            {
                weight = k.RowWeight.Get(r, 0);
            }

            float residual = (weight * k.Prediction.Get(r, j)) - k.Target.Get(r, j);
            sum += (double)residual * residual;
            k.Gradient.Set(r, j, k.Scale * weight * residual);
        }

        double total = GroupSum.Of(sum);
        if (Group.IdxX == 0)
        {
            k.Parts[Grid.IdxX] = total;
        }
    }
}
