using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>
/// Cross-entropy of a softmax and its gradient, a thread per row and a group per <see cref="RowsPerGroup"/> rows; the groups' sums are
/// added after.
/// </summary>
internal struct SoftmaxCrossEntropyKernel : IKernel<SoftmaxCrossEntropyKernel>
{
    /// <summary>Rows per group.</summary>
    public const int RowsPerGroup = 256;

    public MatrixView Logits;
    public ArrayView<int> Classes;
    public MatrixView Gradient;
    public int Rows;
    public int Columns;

    /// <summary>One sum per group.</summary>
    public ArrayView<double> Parts;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(SoftmaxCrossEntropyKernel k)
    {
        int first = Grid.IdxX * RowsPerGroup;
        int end = Math.Min(first + RowsPerGroup, k.Rows);
        double total = 0;
        for (int r = first + Group.IdxX; r < end; r += LaunchShape.TeamThreads)
        {
            float largest = k.Logits.Get(r, 0);
            for (int j = 1; j < k.Columns; j++)
            {
                float value = k.Logits.Get(r, j);
                largest = value > largest ? value : largest;
            }

            double sum = 0;
            for (int j = 0; j < k.Columns; j++)
            {
                sum += 1.0 + Elementary.ExpMinusOneOfNonPositive(k.Logits.Get(r, j) - largest);
            }

            // The largest logit's own term is 1, so 1 / sum lies in (0, 1], where the logarithm is defined. A NaN among the logits makes the sum one,
            // of which the logarithm would make a number.
            int own = k.Classes[r];
            total += sum > 0 ? (double)largest - Elementary.Log(1 / sum) - k.Logits.Get(r, own) : sum;
            for (int j = 0; j < k.Columns; j++)
            {
                double term = 1.0 + Elementary.ExpMinusOneOfNonPositive(k.Logits.Get(r, j) - largest);
                double target = j == own ? 1.0 : 0.0;
                k.Gradient.Set(r, j, (float)(((term / sum) - target) / k.Rows));
            }
        }

        double all = GroupSum.Of(total);
        if (Group.IdxX == 0)
        {
            k.Parts[Grid.IdxX] = all;
        }
    }
}
