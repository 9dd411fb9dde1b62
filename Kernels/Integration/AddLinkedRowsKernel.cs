using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Integration;

/// <summary>
/// total[slot] += factor weight_r rates[r] over the rows r of each slot in ascending order; rows of weight 0 are skipped. The second
/// coordinate of the grid is the series.
/// </summary>
internal struct AddLinkedRowsKernel : IKernel<AddLinkedRowsKernel>
{
    public ArrayView<double> Rates;
    public int RateStride;
    public ArrayView<double> Weights;
    public double Factor;
    public ArrayView<int> Heads;
    public ArrayView<int> Next;
    public ArrayView<double> Total;
    public int TotalStride;
    public int Slots;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AddLinkedRowsKernel k)
    {
        int slot = KernelIndex.Element;
        if (slot >= k.Slots)
        {
            return;
        }

        int series = Grid.IdxY;
        double sum = k.Total[(series * k.TotalStride) + slot];
        int last = -1;
        while (true)
        {
            // The smallest row number after the last one: chains are as short as a solve has nodes.
            int row = int.MaxValue;
            for (int r = k.Heads[slot]; r >= 0; r = k.Next[r])
            {
                if (r > last && r < row)
                {
                    row = r;
                }
            }

            if (row == int.MaxValue)
            {
                break;
            }

            double weight = k.Weights[row];
            if (weight != 0)
            {
                sum += k.Factor * weight * k.Rates[(series * k.RateStride) + row];
            }

            last = row;
        }

        k.Total[(series * k.TotalStride) + slot] = sum;
    }
}
