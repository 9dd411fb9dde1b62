using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// Points along the principal directions of their densities' components, one thread per row, component and direction: with y = q . (x - t mu)
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

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;

    /// <summary>For each row and component d velocities, then d scores.</summary>
    public ArrayView<float> Along;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ProjectBaseKernel k)
    {
        int d = k.Flow.Dimension;
        int element = KernelIndex.Element;
        int slot = element / d;
        int i = element - (slot * d);
        int r = slot / k.MostComponents;
        if (r >= k.Rows)
        {
            return;
        }

        int density = k.Densities[r];
        int component = k.Flow.FirstComponent(density) + (slot - (r * k.MostComponents));
        if (component >= k.Flow.FirstComponent(density + 1))
        {
            return;
        }

        double time = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
        float t = (float)time;
        int start = component * d;
        int place = start + i;
        int first = start + k.Flow.BlockFirst(place);
        float y = 0;
        for (int a = 0; a < k.Flow.BlockSize(place); a++)
        {
            float centered = k.Points.Get(r, k.Flow.Coordinate(first + a)) - (t * k.Flow.Mean(first + a));
            y += k.Flow.Direction(place, place - first, a) * centered;
        }

        float variance = k.Flow.Variance(place);
        float inverse = 1f / ((t * t * variance) + (float)k.Path.SigmaSquared(time));
        float g = ((t * variance) + (float)k.Path.SigmaSigmaPrime(time)) * inverse;
        int at = (slot * 2 * d) + i;
        k.Along[at] = g * y;
        k.Along[at + d] = -y * inverse;
    }
}
