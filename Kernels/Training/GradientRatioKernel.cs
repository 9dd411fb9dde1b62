using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>
/// Squares of gradient / root of the second moment over the parameters of one group, in float64; <see cref="SumPartsKernel"/> adds the groups' sums, and
/// <see cref="AdamKernel"/> scales by them.
/// </summary>
internal struct GradientRatioKernel : IKernel<GradientRatioKernel>
{
    /// <summary>Parameters per group.</summary>
    public const int ElementsPerGroup = 4096;

    public ArrayView<float> Gradients;
    public ArrayView<float> SecondMoment;
    public int Count;
    public float Beta2;
    public float Rest2;
    public float RootScale;
    public float Epsilon;

    /// <summary>One sum per group.</summary>
    public ArrayView<double> Parts;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(GradientRatioKernel k)
    {
        int first = Grid.IdxX * ElementsPerGroup;
        int end = Math.Min(first + ElementsPerGroup, k.Count);
        double sum = 0;
        for (int i = first + Group.IdxX; i < end; i += LaunchShape.TeamThreads)
        {
            float g = k.Gradients[i];
            float v = (k.Beta2 * k.SecondMoment[i]) + (k.Rest2 * g * g);
            double ratio = (double)g / ((k.RootScale * (float)Math.Sqrt((double)v)) + k.Epsilon);
            sum += ratio * ratio;
        }

        double total = GroupSum.Of(sum);
        if (Group.IdxX == 0)
        {
            k.Parts[Grid.IdxX] = total;
        }
    }
}
