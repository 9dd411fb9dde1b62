using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>Loss of time score matching and its gradients, a group per <see cref="RowsPerGroup"/> rows; the groups' sums are added after.</summary>
internal struct TimeScoreLossKernel : IKernel<TimeScoreLossKernel>
{
    /// <summary>Rows per group.</summary>
    public const int RowsPerGroup = 256;

    public MatrixView Output;
    public MatrixView Weight;
    public MatrixView WeightSlope;
    public MatrixView Gradient;
    public double SourceWeight;
    public double TargetWeight;
    public int Rows;

    /// <summary>One sum per group.</summary>
    public ArrayView<double> Parts;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(TimeScoreLossKernel k)
    {
        int first = Grid.IdxX * RowsPerGroup;
        int end = Math.Min(first + RowsPerGroup, k.Rows);
        double sum = 0;
        for (int r = first + Group.IdxX; r < end; r += LaunchShape.TeamThreads)
        {
            double score = k.Output.Get(0, r, 0);
            double atSource = k.Output.Get(1, r, 0);
            double atTarget = k.Output.Get(2, r, 0);
            double derivative = k.Output.Get(3, r, 0);
            double weight = k.Weight.Get(r, 0);
            double slope = k.WeightSlope.Get(r, 0);
            sum += (2 * k.SourceWeight * atSource) - (2 * k.TargetWeight * atTarget)
                + (2 * weight * derivative) + (2 * slope * score) + (weight * score * score);
            k.Gradient.Set(0, r, 0, (float)(2 * (slope + (weight * score)) / k.Rows));
            k.Gradient.Set(1, r, 0, (float)(2 * k.SourceWeight / k.Rows));
            k.Gradient.Set(2, r, 0, (float)(-2 * k.TargetWeight / k.Rows));
            k.Gradient.Set(3, r, 0, (float)(2 * weight / k.Rows));
        }

        double total = GroupSum.Of(sum);
        if (Group.IdxX == 0)
        {
            k.Parts[Grid.IdxX] = total;
        }
    }
}
