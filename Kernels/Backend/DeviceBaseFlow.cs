using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.BaseFlows;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Backend;

/// <summary>A base in a device's memory, laid out as <see cref="BaseFlowView"/> says.</summary>
internal sealed class DeviceBaseFlow : BaseFlowBuffer
{
    private readonly DeviceMemory<int> integers;
    private readonly DeviceMemory<float> numbers;
    private readonly int components;

    public DeviceBaseFlow(Device device, BaseFlow source)
        : base(source)
    {
        GaussianComponent[] all = [.. source.Densities.SelectMany(density => density.Components)];
        components = all.Length;
        MostComponents = source.MostComponents;
        int dimension = source.Dimension, count = components * dimension;
        int[] lists = new int[(BaseFlowView.IntegerLists * count) + source.Densities.Length + 1];
        List<float> values = [.. new float[BaseFlowView.NumberLists * count], .. all.Select(component => (float)Math.Log(component.Weight))];
        int firstDirection = values.Count;
        for (int c = 0; c < components; c++)
        {
            int first = 0;
            foreach (EigenBlock block in all[c].Blocks)
            {
                for (int i = 0; i < block.Size; i++)
                {
                    int place = (c * dimension) + first + i;
                    lists[place] = block.Coordinates[i];
                    lists[count + place] = first;
                    lists[(2 * count) + place] = block.Size;
                    lists[(3 * count) + place] = values.Count - firstDirection;
                    lists[(4 * count) + (c * dimension) + block.Coordinates[i]] = first + i;
                    values[place] = (float)all[c].Mean[block.Coordinates[i]];
                    values[count + place] = (float)block.Variances[i];
                    double along = 0;
                    for (int j = 0; j < block.Size; j++)
                    {
                        along += block.Directions[(i * block.Size) + j] * all[c].Mean[block.Coordinates[j]];
                    }

                    values[(2 * count) + place] = (float)along;
                }

                values.AddRange(block.Directions.Select(value => (float)value));
                first += block.Size;
            }
        }

        for (int density = 0; density < source.Densities.Length; density++)
        {
            int at = (BaseFlowView.IntegerLists * count) + density;
            lists[at + 1] = lists[at] + source.Densities[density].Components.Length;
        }

        integers = device.Allocate<int>(lists.Length);
        integers.Write(lists);
        numbers = device.Allocate<float>(values.Count);
        numbers.Write(values.ToArray());
    }

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents { get; }

    /// <summary>The base for kernels.</summary>
    public BaseFlowView View => new()
    {
        Integers = integers.View,
        Numbers = numbers.View,
        Count = components * Dimension,
        Dimension = Dimension,
        Components = components,
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            integers.Dispose();
            numbers.Dispose();
        }
    }
}
