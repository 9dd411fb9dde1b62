using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Training;

namespace FlowRatio.Kernels.Backend;

/// <summary>
/// Gradients of a batch in parts, not yet summed. Each weight and bias of a flat buffer has its own place for its parts, so that the sums of
/// all wait. The optimiser adds the parts itself, and they go on waiting; for anybody else who wants gradients the sums are one launch.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="gradients">The flat buffer.</param>
internal sealed class GradientParts(Device device, DeviceMemory<float> gradients) : IDisposable
{
    /// <summary>By the first element of the sum.</summary>
    private readonly List<WaitingGradient> regions = [];
    private DeviceMemory<GradientRegion>? table;
    private DeviceMemory<float>? parts;
    private long length;
    private bool isSearchable;

    /// <summary>A place for the parts of a gradient, which nothing that waits overlaps.</summary>
    /// <param name="wanted">What is wanted; where its parts lie is found here.</param>
    public WaitingGradient Reserve(in GradientRegion wanted)
    {
        WaitingGradient? gradient = Find(wanted);
        if (gradient is null || gradient.Region.PartCount != wanted.PartCount || gradient.Region.PartStride != wanted.PartStride)
        {
            return Place(wanted, gradient);
        }

        SumBeneath(wanted, gradient);
        return gradient;
    }

    /// <summary>The parts of a gradient.</summary>
    public ArrayView<float> Parts(WaitingGradient gradient) =>
        parts!.View.SubView(gradient.Region.Parts, (long)gradient.Region.PartCount * gradient.Region.PartLength);

    /// <summary>Adds the parts of a gradient to what is there.</summary>
    public void Accumulate(WaitingGradient gradient) => Launch(regions.IndexOf(gradient), 1, accumulates: 1);

    /// <summary>Sums what waits: regions that follow each other in one launch, those of a whole network as a rule.</summary>
    public void Sum()
    {
        for (int first = 0, end; first < regions.Count; first = end + 1)
        {
            for (end = first; end < regions.Count && regions[end].Waits; end++)
            {
                regions[end].Waits = false;
            }

            Launch(first, end - first, accumulates: 0);
        }
    }

    /// <summary>Sums what waits if some of it lies where something else is about to be written or read.</summary>
    /// <param name="place">Where.</param>
    /// <param name="except">A gradient that is about to be overwritten and needs no sum; null for none.</param>
    public void SumBeneath(in GradientRegion place, WaitingGradient? except = null)
    {
        foreach (WaitingGradient gradient in regions)
        {
            if (gradient.Waits && gradient != except && gradient.Region.MayOverlap(place))
            {
                Sum();
                return;
            }
        }
    }

    /// <summary>Hands the parts to an optimiser, if all gradients that ever were in parts are; else they are summed.</summary>
    /// <param name="kernel">Receives them.</param>
    public void HandTo(ref AdamKernel kernel)
    {
        if (isSearchable && regions.TrueForAll(gradient => gradient.Waits))
        {
            (kernel.Regions, kernel.RegionCount, kernel.Parts) = (table!.View, regions.Count, parts!.View);
        }
        else
        {
            Sum();
        }
    }

    /// <summary>What waits is overwritten by something else.</summary>
    public void Forget() => regions.ForEach(gradient => gradient.Waits = false);

    /// <inheritdoc/>
    public void Dispose()
    {
        table?.Dispose();
        parts?.Dispose();
    }

    private WaitingGradient? Find(GradientRegion wanted) => regions.Find(gradient => gradient.Region.IsSamePlace(wanted));

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
        int largest = regions.GetRange(first, count).Max(gradient => gradient.Region.Rows * gradient.Region.Columns);
        device.Launch(kernel, LaunchShape.Elements(largest) with { Y = count });
    }

    /// <summary>Finds room, behind the other regions where the one before is too small: in the first step of a training only.</summary>
    private WaitingGradient Place(GradientRegion wanted, WaitingGradient? gradient)
    {
        Sum();
        long needed = (long)wanted.PartCount * wanted.PartLength;
        if (gradient is null)
        {
            gradient = new WaitingGradient(wanted);
            int behind = regions.FindIndex(other => other.Region.Sum > wanted.Sum);
            regions.Insert(behind < 0 ? regions.Count : behind, gradient);
        }

        wanted.Parts = gradient.Region.Parts;
        if (gradient.Capacity < needed)
        {
            // By whole quadruples, so that products can be written by 128-bit words.
            needed = (needed + Float4.Count - 1) / Float4.Count * Float4.Count;
            (wanted.Parts, gradient.Capacity) = (checked((int)length), needed);
            length = checked((int)(length + needed));
            parts?.Dispose();
            parts = null;
            parts = device.Allocate<float>(length, isScratch: true);
        }

        gradient.Region = wanted;
        GradientRegion[] rows = [.. regions.Select(other => other.Region)];
        isSearchable = GradientRegion.FindMatrices(rows);
        table?.Dispose();
        table = null;
        table = device.Allocate<GradientRegion>(rows.Length, isScratch: true);
        table.Write(rows);
        return gradient;
    }
}
