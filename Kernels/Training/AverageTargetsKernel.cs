using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Training;

/// <summary>
/// Averages of targets over references, one thread per four columns of a row. Each thread finds the distances of its row to all references anew, twice:
/// for the largest weight, then for the sums; that is little work beside a training step's, and needs no memory.
/// </summary>
internal struct AverageTargetsKernel : IKernel<AverageTargetsKernel>
{
    public MatrixView Data;
    public ArrayView<int> DataRows;
    public ArrayView<int> Groups;
    public ArrayView<int> References;
    public ArrayView<int> ReferenceGroups;
    public MatrixView Times;
    public MatrixView Points;
    public MatrixView VelocityTarget;
    public MatrixView ScoreTarget;
    public int Rows;
    public int Columns;

    /// <summary>Number of references.</summary>
    public int Count;

    public PathConstants Path;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AverageTargetsKernel k)
    {
        const int columnsPerThread = 4;
        int element = KernelIndex.Element;
        int quads = (k.Columns + columnsPerThread - 1) / columnsPerThread;
        int r = element / quads;
        int first = (element - (r * quads)) * columnsPerThread;
        if (r >= k.Rows)
        {
            return;
        }

        float t = k.Times.Get(r, 0);
        double variance = k.Path.SigmaSquared(t);
        float precision = (float)(0.5 / variance), slope = (float)(k.Path.ScoreWeight(t) / variance);
        int own = k.DataRows[r], group = k.Groups[r];
        float ownDistance = k.Distance(r, t, own), largest = 0;
        for (int i = 0; i < k.Count; i++)
        {
            if (k.IsOther(i, own, group))
            {
                float exponent = (ownDistance - k.Distance(r, t, k.References[i])) * precision;
                largest = exponent > largest ? exponent : largest;
            }
        }

        float total = 1 + Elementary.ExpMinusOneOfNonPositive(-largest);
        float d0 = 0, d1 = 0, d2 = 0, d3 = 0;
        for (int i = 0; i < k.Count; i++)
        {
            // Not a conditional expression of the weight: LLVM 18 (pocl 6) ends in an internal error at one.
            if (!k.IsOther(i, own, group))
            {
                continue;
            }

            int reference = k.References[i];
            float exponent = (ownDistance - k.Distance(r, t, reference)) * precision;
            float weight = 1 + Elementary.ExpMinusOneOfNonPositive(exponent - largest);
            if (weight > ComputeBackend.SmallestTargetWeight)
            {
                total += weight;
                d0 += weight * k.Difference(own, reference, first);
                d1 += weight * k.Difference(own, reference, first + 1);
                d2 += weight * k.Difference(own, reference, first + 2);
                d3 += weight * k.Difference(own, reference, first + 3);
            }
        }

        float change = slope / total;
        k.Change(r, first, t, change * d0);
        k.Change(r, first + 1, t, change * d1);
        k.Change(r, first + 2, t, change * d2);
        k.Change(r, first + 3, t, change * d3);
    }

    /// <summary>Whether a reference is of the row's group and not the row itself, which counts already.</summary>
    private readonly bool IsOther(int reference, int own, int group) => ReferenceGroups[reference] == group && References[reference] != own;

    private readonly float Distance(int row, float t, int dataRow)
    {
        float sum = 0;
        for (int j = 0; j < Columns; j++)
        {
            float difference = Points.Get(row, j) - (t * Data.Get(dataRow, j));
            sum += difference * difference;
        }

        return sum;
    }

    private readonly float Difference(int own, int reference, int column) =>
        column < Columns ? Data.Get(own, column) - Data.Get(reference, column) : 0;

    private readonly void Change(int row, int column, float t, float amount)
    {
        if (column < Columns)
        {
            VelocityTarget.Set(row, column, VelocityTarget.Get(row, column) - amount);
            ScoreTarget.Set(row, column, ScoreTarget.Get(row, column) - (t * amount));
        }
    }
}
