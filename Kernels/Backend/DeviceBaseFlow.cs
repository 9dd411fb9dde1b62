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

    public DeviceBaseFlow(Device device, BaseFlow source)
        : base(source)
    {
        MostComponents = source.MostComponents;
        int[] firstPlacesOfDensities = Starts(source.Densities.Select(density => density.Components.Sum(component => component.Dimension)));
        MostPlaces = firstPlacesOfDensities.Zip(firstPlacesOfDensities.Skip(1), (first, end) => end - first).Max();
        BaseFactor[] factors = [.. source.Densities.SelectMany(density => density.Factors)];
        GaussianComponent[] components = [.. factors.SelectMany(factor => factor.Components)];
        int[] firstPlaces = Starts(components.Select(component => component.Dimension));
        int count = firstPlaces[^1];
        int[] places = new int[BaseFlowView.IntegerLists * count];
        List<float> values = [.. new float[BaseFlowView.NumberLists * count], .. components.Select(component => (float)Math.Log(component.Weight))];
        Dictionary<EigenBlock, int> directions = [];
        int firstDirection = values.Count, place = 0;
        foreach (BaseFactor factor in factors)
        {
            foreach (GaussianComponent component in factor.Components)
            {
                FillComponent(factor, component, place, firstDirection, directions, places, values);
                place += component.Dimension;
            }
        }

        int[][] lists =
        [
            places,
            Starts(source.Densities.Select(density => density.Factors.Length)),
            Starts(factors.Select(factor => factor.Components.Length)),
            firstPlaces,
            firstPlacesOfDensities,
            .. ListCoordinates(source),
        ];
        integers = device.Allocate<int>(lists.Sum(list => list.Length));
        integers.Write(lists.SelectMany(list => list).ToArray());
        numbers = device.Allocate<float>(values.Count);
        numbers.Write(values.ToArray());
        int[] starts = Starts(lists.Select(list => list.Length));
        ArrayView<int> List(int number) => integers.View.SubView(starts[number], lists[number].Length);
        View = new BaseFlowView
        {
            Integers = List(0),
            Numbers = numbers.View,
            FirstFactors = List(1),
            FirstComponents = List(2),
            FirstPlaces = List(3),
            FirstPlacesOfDensities = List(4),
            Factors = List(5),
            Positions = List(6),
            Count = count,
            Dimension = source.Dimension,
            Components = components.Length,
        };
    }

    /// <summary>Largest number of components of a density, those of all its factors.</summary>
    public int MostComponents { get; }

    /// <summary>Largest number of places of a density.</summary>
    public int MostPlaces { get; }

    /// <summary>Values that a row has at every place: along its directions velocity and score.</summary>
    public const int ValuesPerPlace = 2;

    /// <inheritdoc/>
    public override long WorkspaceBytesPerRow => ((long)sizeof(float) * ValuesPerPlace * MostPlaces) + ((long)sizeof(double) * MostComponents);

    /// <summary>The base for kernels.</summary>
    public BaseFlowView View { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            integers.Dispose();
            numbers.Dispose();
        }
    }

    /// <summary>Where each of the neighbours of these lengths starts, and where the last one ends.</summary>
    private static int[] Starts(IEnumerable<int> lengths)
    {
        List<int> starts = [0];
        foreach (int length in lengths)
        {
            starts.Add(starts[^1] + length);
        }

        return [.. starts];
    }

    /// <summary>For each density and coordinate of a point the number of its factor, and the coordinate's number among the factor's.</summary>
    private static int[][] ListCoordinates(BaseFlow source)
    {
        int[] factors = new int[source.Densities.Length * source.Dimension], positions = new int[factors.Length];
        int first = 0, number = 0;
        foreach (BaseDensity density in source.Densities)
        {
            foreach (BaseFactor factor in density.Factors)
            {
                for (int i = 0; i < factor.Dimension; i++)
                {
                    factors[first + factor.Coordinates[i]] = number;
                    positions[first + factor.Coordinates[i]] = i;
                }

                number++;
            }

            first += source.Dimension;
        }

        return [factors, positions];
    }

    /// <summary>
    /// Lists by place of one component, from its first place on. Directions of blocks that no component before had are added to the numbers, and to
    /// the dictionary where they start.
    /// </summary>
    private static void FillComponent(
        BaseFactor factor,
        GaussianComponent component,
        int firstPlace,
        int firstDirection,
        Dictionary<EigenBlock, int> directions,
        int[] places,
        List<float> values)
    {
        int count = places.Length / BaseFlowView.IntegerLists, first = firstPlace;
        foreach (EigenBlock block in component.Blocks)
        {
            if (!directions.TryGetValue(block, out int start))
            {
                start = values.Count - firstDirection;
                directions.Add(block, start);
                values.AddRange(block.Directions.Select(value => (float)value));
            }

            for (int i = 0; i < block.Size; i++)
            {
                int place = first + i, position = block.Coordinates[i];
                places[place] = factor.Coordinates[position];
                places[count + place] = first;
                places[(2 * count) + place] = block.Size;
                places[(3 * count) + place] = start;
                places[(4 * count) + firstPlace + position] = place;
                values[place] = (float)component.Mean[position];
                values[count + place] = (float)block.Variances[i];
                values[(2 * count) + place] = (float)MeanAlong(component, block, i);
            }

            first += block.Size;
        }
    }

    private static double MeanAlong(GaussianComponent component, EigenBlock block, int direction)
    {
        double along = 0;
        for (int j = 0; j < block.Size; j++)
        {
            along += block.Directions[(direction * block.Size) + j] * component.Mean[block.Coordinates[j]];
        }

        return along;
    }
}
