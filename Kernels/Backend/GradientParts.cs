using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Backend;

/// <summary>
/// Gradients of a batch in parts, not yet summed. Each weight and bias of a flat buffer has its own place for its parts, so that the sums
/// of all wait until somebody wants the gradients, the optimiser as a rule, and are then one launch.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="gradients">The flat buffer.</param>
internal sealed class GradientParts(Device device, DeviceMemory<float> gradients) : IDisposable
{
    private readonly List<GradientRegion> regions = [];
    private readonly List<long> capacities = [];
    private readonly List<bool> waits = [];
    private DeviceMemory<GradientRegion>? table;
    private DeviceMemory<float>? parts;
    private long length;

    /// <summary>A place for the parts of a gradient, which nothing that waits overlaps.</summary>
    /// <param name="wanted">What is wanted; where its parts lie is found here.</param>
    /// <returns>Number of the region.</returns>
    public int Reserve(GradientRegion wanted)
    {
        int number = Find(wanted);
        if (number < 0 || regions[number].PartCount != wanted.PartCount || regions[number].PartStride != wanted.PartStride)
        {
            return Place(wanted, number);
        }

        SumBeneath(wanted, number);
        return number;
    }

    /// <summary>The parts of a region.</summary>
    public ArrayView<float> Parts(int region) =>
        parts!.View.SubView(regions[region].Parts, (long)regions[region].PartCount * regions[region].PartLength);

    /// <summary>The parts of a region have been written: they are the gradient, once they are summed.</summary>
    public void Wait(int region) => waits[region] = true;

    /// <summary>Adds the parts of a region to the gradient that is there.</summary>
    public void Accumulate(int region) => Launch(region, 1, accumulates: 1);

    /// <summary>Sums what waits: regions that follow each other in one launch, those of a whole network as a rule.</summary>
    public void Sum()
    {
        for (int first = 0, end; first < regions.Count; first = end + 1)
        {
            for (end = first; end < regions.Count && waits[end]; end++)
            {
                waits[end] = false;
            }

            Launch(first, end - first, accumulates: 0);
        }
    }

    /// <summary>Sums what waits if some of it lies where something else is about to be written or read.</summary>
    /// <param name="place">Where.</param>
    /// <param name="except">A region that is about to be overwritten and needs no sum; -1 for none.</param>
    public void SumBeneath(in GradientRegion place, int except = -1)
    {
        for (int region = 0; region < regions.Count; region++)
        {
            if (waits[region] && region != except && regions[region].MayOverlap(place))
            {
                Sum();
                return;
            }
        }
    }

    /// <summary>What waits is overwritten by something else.</summary>
    public void Forget()
    {
        for (int region = 0; region < regions.Count; region++)
        {
            waits[region] = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        table?.Dispose();
        parts?.Dispose();
    }

    private int Find(in GradientRegion wanted)
    {
        for (int region = 0; region < regions.Count; region++)
        {
            if (regions[region].IsSamePlace(wanted))
            {
                return region;
            }
        }

        return -1;
    }

    private void Launch(int first, int count, int accumulates)
    {
        if (count == 0)
        {
            return;
        }

        var kernel = new WeightGradientSumKernel
        {
            Regions = table!.View, FirstRegion = first, Parts = parts!.View, Gradients = gradients.View, Accumulates = accumulates,
        };
        int largest = 0;
        for (int i = first; i < first + count; i++)
        {
            largest = Math.Max(largest, regions[i].Rows * regions[i].Columns);
        }

        device.Launch(kernel, LaunchShape.Elements(largest) with { Y = count });
    }

    /// <summary>Finds room, behind the other regions where the one before is too small: in the first step of a training only.</summary>
    private int Place(GradientRegion wanted, int number)
    {
        Sum();
        long needed = (long)wanted.PartCount * wanted.PartLength;
        if (number < 0)
        {
            number = regions.Count;
            regions.Add(wanted);
            capacities.Add(0);
            waits.Add(false);
        }

        wanted.Parts = regions[number].Parts;
        if (capacities[number] < needed)
        {
            // By whole quadruples, so that products can be written by 128-bit words.
            needed = (needed + Float4.Count - 1) / Float4.Count * Float4.Count;
            (wanted.Parts, capacities[number]) = (checked((int)length), needed);
            length = checked((int)(length + needed));
            parts?.Dispose();
            parts = null;
            parts = device.Allocate<float>(length, isScratch: true);
        }

        regions[number] = wanted;
        table?.Dispose();
        table = null;
        table = device.Allocate<GradientRegion>(regions.Count, isScratch: true);
        table.Write(regions.ToArray());
        return number;
    }
}
