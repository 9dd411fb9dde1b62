using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Tests.Support;

/// <summary>Base densities for tests: components with blocks of every size, far enough apart that responsibilities matter and overlap.</summary>
public static class BaseFlows
{
    /// <summary>A mixture of random Gaussians whose covariances have the given structure: sizes of the blocks of consecutive coordinates.</summary>
    public static BaseDensity Density(int dimension, int components, ulong seed, params int[] blockSizes) =>
        new(Enumerable.Range(0, components).Select(k => Component(dimension, 1 + k, seed + (ulong)k, blockSizes)));

    /// <summary>A random Gaussian of the given weight.</summary>
    public static GaussianComponent Component(int dimension, double weight, ulong seed, params int[] blockSizes)
    {
        ArgumentNullException.ThrowIfNull(blockSizes);
        var data = new RandomData(seed);
        double[] mean = [.. data.Normal(dimension).Select(value => (double)value)];
        List<EigenBlock> blocks = [];
        int first = 0;
        for (int i = 0; first < dimension; i++)
        {
            int size = Math.Min(blockSizes[i % blockSizes.Length], dimension - first);
            GaussianDistribution part = GaussianDistribution.Random(size, (100 * seed) + (ulong)i);
            blocks.Add(EigenBlock.FromCovariance(
                [.. Enumerable.Range(first, size)], part.Covariance.ToRowMajorArray(), 1e-6));
            first += size;
        }

        return new GaussianComponent(weight, mean, blocks);
    }

    /// <summary>A product of up to three independent factors: a mixture of two, one of three, and a single Gaussian, over every third coordinate each.</summary>
    public static BaseDensity Product(int dimension, ulong seed) => new(
        new[] { 2, 3, 1 }.Take(dimension).Select((components, first) =>
        {
            int[] coordinates = [.. Enumerable.Range(0, dimension).Where(j => j % 3 == first)];
            return new BaseFactor(coordinates, Density(coordinates.Length, components, seed + (10 * (ulong)first), 2, 1).Components);
        }));

    /// <summary>
    /// Three conditions of one covariate with one and two components and a product of factors, the density without a condition, and one that no
    /// condition has; the blocks differ from density to density.
    /// </summary>
    public static BaseFlow Flow(int dimension, ulong seed = 1) => new(
        "test",
        [
            Density(dimension, 1, 10 * seed, dimension),
            Density(dimension, 2, (10 * seed) + 3, 2, 1, 3),
            Density(dimension, 3, (10 * seed) + 6, 1),
            Density(dimension, 4, (10 * seed) + 2, dimension),
            Product(dimension, (10 * seed) + 5),
        ],
        [new(new Condition(0), 0), new(new Condition(1), 1), new(new Condition(2), 4)],
        pooled: 3);
}
