using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// Responsibilities of the components within each factor, in float64, one thread per row; and the part of the divergence that needs no sum over
/// components of velocity and score: over all factors sum r_k (tr J_k + u_k . s_k).
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

    /// <summary>Largest number of places of a density.</summary>
    public int MostPlaces;

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
        int firstFactor = k.Flow.FirstFactor(density);
        int endFactor = k.Flow.FirstFactor(density + 1);
        int slots = (r * k.MostComponents) - k.Flow.FirstComponent(firstFactor);
        int along = (r * 2 * k.MostPlaces) - k.Flow.FirstPlaceOfDensity(density);
        double time = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
        double noise = k.Path.SigmaSquared(time);
        double slope = k.Path.SigmaSigmaPrime(time);
        double divergence = 0;
        for (int factor = firstFactor; factor < endFactor; factor++)
        {
            int first = k.Flow.FirstComponent(factor);
            int end = k.Flow.FirstComponent(factor + 1);
            double sum = SetWeights(k, first, end, slots, along, time, noise);
            for (int c = first; c < end; c++)
            {
                double weight = k.Responsibilities[slots + c] / sum;
                k.Responsibilities[slots + c] = weight;
                if (k.HasDivergence != 0)
                {
                    divergence += weight * OwnDivergence(k, c, along, time, noise, slope, end - first > 1);
                }
            }
        }

        if (k.HasDivergence != 0)
        {
            k.Divergence[r] = divergence;
        }
    }

    /// <summary>
    /// Weights in proportion to the responsibilities of a factor's components, component c's at slots + c; returns their sum. The velocity at a
    /// place is at along + place.
    /// </summary>
    private static double SetWeights(BaseResponsibilitiesKernel k, int first, int end, int slots, int along, double time, double noise)
    {
        int count = end - first;
        double largest = double.NegativeInfinity;
        for (int c = first; count > 1 && c < end; c++)
        {
            double exponent = k.Flow.LogWeight(c) + (0.5 * Exponent(k, c, along, time, noise));
            k.Responsibilities[slots + c] = exponent;
            largest = exponent > largest ? exponent : largest;
        }

        double sum = 0;
        for (int c = first; c < end; c++)
        {
            double weight = count == 1 ? 1 : Elementary.ExpOfNonPositive(k.Responsibilities[slots + c] - largest);
            k.Responsibilities[slots + c] = weight;
            sum += weight;
        }

        return sum;
    }

    /// <summary>Minus the sum over directions of ln c + y^2 / c.</summary>
    private static double Exponent(BaseResponsibilitiesKernel k, int component, int along, double time, double noise)
    {
        int end = k.Flow.FirstPlace(component + 1);
        double sum = 0;
        for (int place = k.Flow.FirstPlace(component); place < end; place++)
        {
            double c = (time * time * k.Flow.Variance(place)) + noise;
            double s = k.Along[along + k.MostPlaces + place];
            sum -= Elementary.Log(c) + (s * s * c);
        }

        return sum;
    }

    private static double OwnDivergence(
        BaseResponsibilitiesKernel k, int component, int along, double time, double noise, double slope, bool isMixture)
    {
        int end = k.Flow.FirstPlace(component + 1);
        double sum = 0;
        for (int place = k.Flow.FirstPlace(component); place < end; place++)
        {
            double variance = k.Flow.Variance(place);
            sum += ((time * variance) + slope) / ((time * time * variance) + noise);
            if (isMixture)
            {
                double u = k.Along[along + place] + k.Flow.RotatedMean(place);
                sum += u * k.Along[along + k.MostPlaces + place];
            }
        }

        return sum;
    }
}
