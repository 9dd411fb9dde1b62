using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Models;

/// <summary>
/// Collects the covariance of points that come in blocks, in double precision, and finds the directions of largest variance. Memory is that
/// of a D x D matrix, and of a second one while directions are sought, some more where D is at most 500 or more than a quarter of all directions
/// is wanted. The result does not depend on the number of threads.
/// </summary>
public sealed class PrincipalComponentsFit
{
    /// <summary>
    /// Points that are added together. Points that come in multiples of it give the same bits as all at once; fewer at a time cost more, and
    /// other sums are rounded.
    /// </summary>
    public const int BlockRows = 64;

    // Up to a few thousand columns; the matrix then has a few hundred megabytes.
    private const int LargestDimension = 20_000;

    private readonly int dimension;
    private readonly int threads;

    // Sums of (x - shift) and of its products; a shift near the mean keeps them from cancelling.
    private readonly double[] sums;
    private readonly double[] products;
    private double[]? shift;
    private long count;

    /// <summary>Starts a fit.</summary>
    /// <param name="dimension">Number of coordinates D.</param>
    /// <param name="threads">Most threads to compute with; 0 takes one per processor.</param>
    public PrincipalComponentsFit(int dimension, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, LargestDimension);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        this.dimension = dimension;
        this.threads = threads;
        sums = new double[dimension];
        products = new double[dimension * dimension];
    }

    /// <summary>Number of points so far.</summary>
    public long Count => count;

    /// <summary>Fits all points at once.</summary>
    /// <param name="points">Row-major <c>[n, D]</c>, finite.</param>
    /// <param name="dimension">D.</param>
    /// <param name="components">Number of directions k.</param>
    /// <param name="threads">Most threads to compute with; 0 takes one per processor.</param>
    public static PrincipalComponents Fit(ReadOnlySpan<float> points, int dimension, int components, int threads = 0)
    {
        var fit = new PrincipalComponentsFit(dimension, threads);
        fit.Add(points);
        return fit.Fit(components);
    }

    /// <summary>Takes further points.</summary>
    /// <param name="points">Row-major <c>[n, D]</c>, finite.</param>
    public void Add<T>(ReadOnlySpan<T> points)
        where T : unmanaged, INumberBase<T>
    {
        if (points.Length % dimension != 0)
        {
            throw new ArgumentException($"points has {points.Length} values; a multiple of the dimension {dimension} is needed.", nameof(points));
        }

        foreach (T value in points)
        {
            if (!T.IsFinite(value))
            {
                throw new ArgumentException("points has a value that is not finite.", nameof(points));
            }
        }

        for (int first = 0; first < points.Length; first += BlockRows * dimension)
        {
            AddBlock(points.Slice(first, Math.Min(BlockRows * dimension, points.Length - first)));
        }
    }

    /// <summary>Finds the directions.</summary>
    /// <param name="components">How many, k; at most D and at most one less than the points.</param>
    /// <exception cref="InvalidOperationException">Too few points.</exception>
    public PrincipalComponents Fit(int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, dimension);
        if (count <= components)
        {
            throw new InvalidOperationException($"{components} components need at least {components + 1} points; there are {count}.");
        }

        double[] covariance = new double[products.Length];
        double total = 0;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = i; j < dimension; j++)
            {
                double value = (products[(i * dimension) + j] - (sums[i] / count * sums[j])) / (count - 1);
                covariance[(i * dimension) + j] = value;
                covariance[(j * dimension) + i] = value;
            }

            total += Math.Max(0, covariance[(i * dimension) + i]);
        }

        (double[] values, double[] vectors) = LeadingEigenvectors.Of(covariance, dimension, components, threads);
        double[] mean = [.. sums.Select((sum, j) => shift![j] + (sum / count))];
        return new PrincipalComponents(mean, Array.ConvertAll(vectors, value => (float)value), [.. values.Select(value => Math.Max(0, value))], total);
    }

    private void AddBlock<T>(ReadOnlySpan<T> block)
        where T : unmanaged, INumberBase<T>
    {
        int rows = block.Length / dimension;
        if (shift is null)
        {
            shift = new double[dimension];
            for (int i = 0; i < block.Length; i++)
            {
                shift[i % dimension] += double.CreateChecked(block[i]) / rows;
            }
        }

        double[] centered = new double[block.Length];
        for (int i = 0; i < block.Length; i++)
        {
            centered[i] = double.CreateChecked(block[i]) - shift[i % dimension];
            sums[i % dimension] += centered[i];
        }

        count += rows;

        // Each row of the upper triangle belongs to one thread and adds the points in their order.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
        Parallel.For(0, dimension, parallel, i =>
        {
            Span<double> row = products.AsSpan((i * dimension) + i, dimension - i);
            for (int r = 0; r < rows; r++)
            {
                AddScaled(centered.AsSpan((r * dimension) + i, dimension - i), centered[(r * dimension) + i], row);
            }
        });
    }

    private static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> result)
    {
        ref double from = ref MemoryMarshal.GetReference(values);
        ref double to = ref MemoryMarshal.GetReference(result);
        int i = 0;
        for (; i + Vector256<double>.Count <= values.Length; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (factor * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            result[i] += factor * values[i];
        }
    }
}
