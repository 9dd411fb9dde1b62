using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// Points along the principal directions of their densities' components, one thread per row and place of its density: with y = q . (x - t mu)
/// the velocity g y and the score -y / c along it.
/// </summary>
internal struct ProjectBaseKernel : IKernel<ProjectBaseKernel>
{
    public BaseFlowView Flow;
    public ArrayView<int> Densities;
    public MatrixView Times;
    public MatrixView Points;
    public PathConstants Path;
    public int Rows;

    /// <summary>Largest number of places of a density.</summary>
    public int MostPlaces;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;

    /// <summary>For each row the velocities at its density's places, then as many scores; room for the largest number of places.</summary>
    public ArrayView<float> Along;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ProjectBaseKernel k)
    {
        int element = KernelIndex.Element;
        int r = element / k.MostPlaces;
        if (r >= k.Rows)
        {
            return;
        }

        int density = k.Densities[r];
        int i = element - (r * k.MostPlaces);
        int place = k.Flow.FirstPlaceOfDensity(density) + i;
        if (place >= k.Flow.FirstPlaceOfDensity(density + 1))
        {
            return;
        }

        double time = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
        float t = (float)time;
        int first = k.Flow.BlockFirst(place);
        float y = 0;
        for (int a = 0; a < k.Flow.BlockSize(place); a++)
        {
            float centered = k.Points.Get(r, k.Flow.Coordinate(first + a)) - (t * k.Flow.Mean(first + a));
            y += k.Flow.Direction(place, place - first, a) * centered;
        }

        float variance = k.Flow.Variance(place);
        float inverse = 1f / ((t * t * variance) + (float)k.Path.SigmaSquared(time));
        float g = ((t * variance) + (float)k.Path.SigmaSigmaPrime(time)) * inverse;
        int at = (r * 2 * k.MostPlaces) + i;
        k.Along[at] = g * y;
        k.Along[at + k.MostPlaces] = -y * inverse;
    }
}
