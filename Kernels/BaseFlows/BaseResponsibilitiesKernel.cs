using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// Responsibilities of the components, in float64, one thread per row; and the part of the divergence that needs no sum over components of
/// velocity and score: sum r_k (tr J_k + u_k . s_k).
/// </summary>
internal struct BaseResponsibilitiesKernel : IKernel<BaseResponsibilitiesKernel>
{
    public BaseFlowView Flow;
    public ArrayView<int> Densities;
    public MatrixView Times;
    public PathConstants Path;
    public int Rows;

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;
    public ArrayView<float> Along;

    /// <summary>For each row and component its responsibility.</summary>
    public ArrayView<double> Responsibilities;

    /// <summary>1 where a divergence is wanted.</summary>
    public int HasDivergence;
    public ArrayView<double> Divergence;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(BaseResponsibilitiesKernel k)
    {
        int r = KernelIndex.Element;
        if (r >= k.Rows)
        {
            return;
        }

        int density = k.Densities[r];
        int firstComponent = k.Flow.FirstComponent(density);
        int count = k.Flow.FirstComponent(density + 1) - firstComponent;
        double time = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
        double noise = k.Path.SigmaSquared(time);
        double slope = k.Path.SigmaSigmaPrime(time);
        int slot = r * k.MostComponents;
        double largest = double.NegativeInfinity;
        for (int c = 0; count > 1 && c < count; c++)
        {
            double exponent = k.Flow.LogWeight(firstComponent + c) + (0.5 * Exponent(k, firstComponent + c, slot + c, time, noise));
            k.Responsibilities[slot + c] = exponent;
            largest = exponent > largest ? exponent : largest;
        }

        double sum = 0;
        for (int c = 0; c < count; c++)
        {
            double weight = count == 1 ? 1 : Elementary.ExpOfNonPositive(k.Responsibilities[slot + c] - largest);
            k.Responsibilities[slot + c] = weight;
            sum += weight;
        }

        double divergence = 0;
        for (int c = 0; c < count; c++)
        {
            double weight = k.Responsibilities[slot + c] / sum;
            k.Responsibilities[slot + c] = weight;
            if (k.HasDivergence != 0)
            {
                divergence += weight * OwnDivergence(k, firstComponent + c, slot + c, time, noise, slope, count > 1);
            }
        }

        if (k.HasDivergence != 0)
        {
            k.Divergence[r] = divergence;
        }
    }

    /// <summary>Minus the sum over directions of ln c + y^2 / c.</summary>
    private static double Exponent(BaseResponsibilitiesKernel k, int component, int slot, double time, double noise)
    {
        int d = k.Flow.Dimension;
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            double c = (time * time * k.Flow.Variance((component * d) + i)) + noise;
            double s = k.Along[(slot * 2 * d) + d + i];
            sum -= Elementary.Log(c) + (s * s * c);
        }

        return sum;
    }

    private static double OwnDivergence(
        BaseResponsibilitiesKernel k, int component, int slot, double time, double noise, double slope, bool isMixture)
    {
        int d = k.Flow.Dimension;
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            int place = (component * d) + i;
            double variance = k.Flow.Variance(place);
            sum += ((time * variance) + slope) / ((time * time * variance) + noise);
            if (isMixture)
            {
                double u = k.Along[(slot * 2 * d) + i] + k.Flow.RotatedMean(place);
                sum += u * k.Along[(slot * 2 * d) + d + i];
            }
        }

        return sum;
    }
}
