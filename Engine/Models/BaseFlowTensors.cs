using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Models.Sections;

namespace FlowRatio.Engine.Models;

/// <summary>
/// The numbers of a base as tensors, in float64 so that a model that was read is the one that was written: weights and means by component (means one after
/// another where factors have fewer coordinates than the base); the distinct blocks of the covariances (sizes, then coordinates, variances and directions
/// one block after another), and for each component how many blocks it has and which. A covariance that is tied across conditions is stored once.
/// </summary>
internal static class BaseFlowTensors
{
    private const string Weights = "base.weights";
    private const string Means = "base.means";
    private const string BlockSizes = "base.block_sizes";
    private const string Coordinates = "base.coordinates";
    private const string Variances = "base.variances";
    private const string Directions = "base.directions";
    private const string BlockCounts = "base.block_counts";
    private const string Blocks = "base.blocks";

    /// <summary>Names of all tensors.</summary>
    public static IReadOnlyList<string> Names { get; } = [Weights, Means, BlockSizes, Coordinates, Variances, Directions, BlockCounts, Blocks];

    /// <summary>The tensors of a base.</summary>
    public static IEnumerable<SafetensorsTensor> Of(BaseFlow flow)
    {
        GaussianComponent[] components = [.. flow.Densities.SelectMany(density => density.Components)];
        EigenBlock[] blocks = [.. components.SelectMany(component => component.Blocks).Distinct()];
        Dictionary<EigenBlock, long> numbers = blocks.Index().ToDictionary(entry => entry.Item, entry => (long)entry.Index);
        yield return Tensor(Weights, components.Select(component => component.Weight));
        double[] means = [.. components.SelectMany(component => component.Mean)];
        yield return components.All(component => component.Dimension == flow.Dimension)
            ? SafetensorsTensor.Of(Means, means, components.Length, flow.Dimension)
            : SafetensorsTensor.Of(Means, means, means.Length);
        yield return Tensor(BlockSizes, blocks.Select(block => (long)block.Size));
        yield return Tensor(Coordinates, blocks.SelectMany(block => block.Coordinates).Select(coordinate => (long)coordinate));
        yield return Tensor(Variances, blocks.SelectMany(block => block.Variances));
        yield return Tensor(Directions, blocks.SelectMany(block => block.Directions));
        yield return Tensor(BlockCounts, components.Select(component => (long)component.Blocks.Length));
        yield return Tensor(Blocks, components.SelectMany(component => component.Blocks).Select(block => numbers[block]));
    }

    /// <summary>Reads a base.</summary>
    /// <param name="file">The file.</param>
    /// <param name="section">Its structure.</param>
    /// <param name="dimension">Dimension of the model.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, or does not fit the structure.</exception>
    /// <exception cref="ArgumentException">The numbers make no base.</exception>
    public static BaseFlow Read(SafetensorsFile file, BaseSection section, int dimension)
    {
        int count = checked(section.Components.Sum());
        double[] weights = file[Weights].RequireShape(count).ToDouble();
        if (section.Factors is null)
        {
            file[Means].RequireShape(count, dimension);
        }

        IReadOnlyList<IReadOnlyList<BaseSection.FactorEntry>> structure = section.FactorsOf(dimension);
        long places = structure.SelectMany(factors => factors).Sum(factor => (long)factor.Components * factor.Coordinates.Count);
        double[] means = file[Means].ToDouble();
        if (means.Length != places)
        {
            throw new InvalidDataException($"Tensor '{Means}' has {means.Length} values; {places} are needed.");
        }

        EigenBlock[] blocks = ReadBlocks(file, dimension);
        long[] blockCounts = file[BlockCounts].RequireShape(count).ToInt64(), blockNumbers = file[Blocks].ToInt64();
        List<BaseDensity> densities = [];
        int next = 0, place = 0, at = 0;
        foreach (IReadOnlyList<BaseSection.FactorEntry> factors in structure)
        {
            densities.Add(new BaseDensity(factors.Select(factor => new BaseFactor(
                [.. factor.Coordinates], [.. Enumerable.Range(0, factor.Components).Select(_ => Component(factor.Coordinates.Count))]))));
        }

        return new BaseFlow(section.Summary, densities, section.ToConditions(), section.Pooled);

        GaussianComponent Component(int size)
        {
            int number = InRange(blockCounts[next], 1, Math.Min(size, blockNumbers.Length - at), BlockCounts);
            var component = new GaussianComponent(
                weights[next],
                means.AsSpan(place, size),
                blockNumbers[at..(at + number)].Select(block => blocks[InRange(block, 0, blocks.Length - 1, Blocks)]).ToArray());
            (next, place, at) = (next + 1, place + size, at + number);
            return component;
        }
    }

    private static EigenBlock[] ReadBlocks(SafetensorsFile file, int dimension)
    {
        long[] sizes = file[BlockSizes].ToInt64(), coordinates = file[Coordinates].ToInt64();
        double[] variances = file[Variances].RequireShape(coordinates.Length).ToDouble(), directions = file[Directions].ToDouble();
        List<EigenBlock> blocks = [];
        int place = 0, direction = 0;
        foreach (long given in sizes)
        {
            int size = InRange(given, 1, Math.Min(dimension, coordinates.Length - place), BlockSizes);
            if ((long)size * size > directions.Length - direction)
            {
                throw new InvalidDataException($"Tensor '{Directions}' ends before the last block.");
            }

            int[] own = [.. coordinates[place..(place + size)].Select(coordinate => InRange(coordinate, 0, dimension - 1, Coordinates))];
            blocks.Add(new EigenBlock(own, directions.AsSpan(direction, size * size), variances.AsSpan(place, size)));
            place += size;
            direction += size * size;
        }

        return [.. blocks];
    }

    private static int InRange(long value, int least, int most, string tensor) => value >= least && value <= most
        ? (int)value
        : throw new InvalidDataException($"Tensor '{tensor}' has the value {value}; {least} to {most} is possible.");

    private static SafetensorsTensor Tensor(string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return SafetensorsTensor.Of(name, all, all.Length);
    }

    private static SafetensorsTensor Tensor(string name, IEnumerable<long> values)
    {
        long[] all = [.. values];
        return SafetensorsTensor.Of(name, all, all.Length);
    }
}
