using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>
/// One Adam step, and the average of the weights behind it; one thread per parameter. Gradients that are still parts of the batch are summed
/// here, so that nobody writes or reads their sums.
/// </summary>
internal struct AdamKernel : IKernel<AdamKernel>
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Gradients;
    public ArrayView<float> FirstMoment;
    public ArrayView<float> SecondMoment;
    public int Count;
    public float Beta1;
    public float Beta2;

    /// <summary>1 - beta, formed in float64: 1 - 0.999f would be off by a thousand roundings.</summary>
    public float Rest1;
    public float Rest2;
    public float Rate;
    public float RootScale;
    public float Epsilon;

    /// <summary>Exponential average of the parameters, where there is one.</summary>
    public ArrayView<float> Average;

    /// <summary>1 with an average.</summary>
    public int HasAverage;
    public float Kept;
    public float Taken;

    /// <summary>The regions whose gradients are still in parts, by their first element; those of one matrix lie within each other's rows.</summary>
    public ArrayView<GradientRegion> Regions;

    /// <summary>How many; 0 where all gradients are sums.</summary>
    public int RegionCount;

    /// <summary>Their parts.</summary>
    public ArrayView<float> Parts;

    /// <summary>Mean of the squared ratios of gradient and root of the second moment; read only where <see cref="LargestRatio"/> is positive.</summary>
    public ArrayView<double> Ratio;

    /// <summary>Bound of the ratios' root mean square, to which gradients are scaled down; 0 for none.</summary>
    public double LargestRatio;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AdamKernel k)
    {
        int i = KernelIndex.Element;
        if (i >= k.Count)
        {
            return;
        }

        float g = Gradient(k, i);
        if (k.LargestRatio > 0)
        {
            double ratio = Math.Sqrt(k.Ratio[0]);
            if (ratio > k.LargestRatio)
            {
                g = (float)(k.LargestRatio / ratio) * g;
            }
        }

        float m = (k.Beta1 * k.FirstMoment[i]) + (k.Rest1 * g);
        float v = (k.Beta2 * k.SecondMoment[i]) + (k.Rest2 * g * g);
        k.FirstMoment[i] = m;
        k.SecondMoment[i] = v;

        // The root in float64, where every device rounds it alike; hardware's fast float root does not.
        float parameter = k.Parameters[i] - (k.Rate * m / ((k.RootScale * (float)Math.Sqrt((double)v)) + k.Epsilon));
        k.Parameters[i] = parameter;
        if (k.HasAverage != 0)
        {
            k.Average[i] = (k.Kept * k.Average[i]) + (k.Taken * parameter);
        }
    }

    private static float Gradient(AdamKernel k, int i)
    {
        // The last region that begins at i or before.
        int low = 0, high = k.RegionCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (k.Regions[middle].Sum <= i)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return k.Gradients[i];
        }

        // Of the regions of its matrix, the one whose columns begin last before this element's.
        int found = low - 1, first = k.Regions[found].FirstOfMatrix;
        int start = k.Regions[first].Sum, stride = k.Regions[first].Stride;
        int row = (i - start) / stride, column = i - start - (row * stride);
        while (found > first && k.Regions[found].Sum - start > column)
        {
            found--;
        }

        GradientRegion region = k.Regions[found];
        column -= region.Sum - start;
        return row < region.Rows && column < region.Columns ? GradientRegion.SumOf(region, k.Parts, row, column) : k.Gradients[i];
    }
}
