using System.Runtime.Intrinsics;

namespace FlowRatio.Applications.Neighbors;

/// <summary>
/// Exact k nearest neighbours by comparing all pairs: n^2 d operations, vectorised over candidates. Ten seconds of one core do about 50,000
/// points in 20 dimensions; beyond a few hundred thousand points an approximate index is the tool (docs/applications.md).
/// </summary>
/// <remarks>
/// Candidates are chosen in float32 from sums of squared differences (no expansion of the square, so that close points keep their
/// digits), a few more than asked for; these are measured again and sorted in float64.
/// </remarks>
public static class NearestNeighbors
{
    private const int BlockPoints = 512;
    private const int Spare = 8;

    /// <summary>Finds neighbours of every point among all others.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, finite.</param>
    /// <param name="dimension">d.</param>
    /// <param name="count">k, at least 1 and less than the number of rows.</param>
    /// <param name="cancellation">Looked at before every few points.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or there are not enough points.</exception>
    public static NeighborTable Find(float[] points, int dimension, int count, CancellationToken cancellation = default)
    {
        int rows = RequireRows(points, dimension);
        return Find(points, dimension, count, [.. Enumerable.Range(0, rows)], cancellation);
    }

    /// <summary>Finds neighbours of some points among all others.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, finite.</param>
    /// <param name="dimension">d.</param>
    /// <param name="count">k, at least 1 and less than the number of rows.</param>
    /// <param name="queries">Row numbers of the points asked about; row i of the result belongs to queries[i].</param>
    /// <param name="cancellation">Looked at before every few points.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or there are not enough points.</exception>
    public static NeighborTable Find(
        float[] points, int dimension, int count, IReadOnlyList<int> queries, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(queries);
        int rows = RequireRows(points, dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= rows)
        {
            throw new ArgumentException($"count is {count}; {rows} points have at most {rows - 1} neighbours each.", nameof(count));
        }

        float[] blocks = ToBlocks(points, dimension, rows);
        int[] indices = new int[queries.Count * count];
        double[] distances = new double[queries.Count * count];
        int kept = Math.Min(count + Spare, rows - 1);

        // Every query is computed alone and in one order, so results do not depend on the threads.
        Parallel.For(
            0,
            queries.Count,
            new ParallelOptions { CancellationToken = cancellation },
            () => new Search(points, blocks, dimension, rows, kept),
            (i, _, search) =>
            {
                search.Run(queries[i], indices.AsSpan(i * count, count), distances.AsSpan(i * count, count));
                return search;
            },
            _ => { });
        return new NeighborTable(count, indices, distances);
    }

    private static int RequireRows(float[] points, int dimension)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return points.Length > 0 && points.Length % dimension == 0
            ? points.Length / dimension
            : throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
    }

    /// <summary>Blocks of points, feature by feature within a block; places beyond the last point are infinitely far.</summary>
    private static float[] ToBlocks(float[] points, int dimension, int rows)
    {
        int count = (rows + BlockPoints - 1) / BlockPoints;
        float[] blocks = new float[count * BlockPoints * dimension];
        Array.Fill(blocks, float.PositiveInfinity);
        for (int r = 0; r < rows; r++)
        {
            int start = r / BlockPoints * BlockPoints * dimension;
            for (int j = 0; j < dimension; j++)
            {
                blocks[start + (j * BlockPoints) + (r % BlockPoints)] = points[(r * dimension) + j];
            }
        }

        return blocks;
    }

    private sealed class Search(float[] points, float[] blocks, int dimension, int rows, int kept)
    {
        private readonly float[] squares = new float[BlockPoints];

        // The nearest so far in ascending order: k is small, so inserting is cheaper than a heap and ties need no thought.
        private readonly float[] nearestSquares = new float[kept];
        private readonly int[] nearest = new int[kept];
        private readonly (double Distance, int Index)[] exact = new (double, int)[kept];

        public void Run(int query, Span<int> indices, Span<double> distances)
        {
            ReadOnlySpan<float> own = points.AsSpan(query * dimension, dimension);
            int found = 0;
            for (int first = 0; first < rows; first += BlockPoints)
            {
                Measure(own, blocks.AsSpan(first * dimension, BlockPoints * dimension));
                int end = Math.Min(BlockPoints, rows - first);
                for (int i = 0; i < end; i++)
                {
                    if ((found < kept || squares[i] < nearestSquares[kept - 1]) && first + i != query)
                    {
                        found = Insert(first + i, squares[i], found);
                    }
                }
            }

            for (int i = 0; i < kept; i++)
            {
                exact[i] = (Distance(own, points.AsSpan(nearest[i] * dimension, dimension)), nearest[i]);
            }

            Array.Sort(exact);
            for (int i = 0; i < indices.Length; i++)
            {
                (distances[i], indices[i]) = exact[i];
            }
        }

        private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            double sum = 0;
            for (int j = 0; j < a.Length; j++)
            {
                double difference = (double)a[j] - b[j];
                sum += difference * difference;
            }

            return Math.Sqrt(sum);
        }

        private void Measure(ReadOnlySpan<float> own, ReadOnlySpan<float> block)
        {
            int lanes = Vector256<float>.Count;
            for (int i = 0; i < BlockPoints; i += 4 * lanes)
            {
                Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
                for (int j = 0; j < own.Length; j++)
                {
                    Vector256<float> center = Vector256.Create(own[j]);
                    ReadOnlySpan<float> feature = block.Slice((j * BlockPoints) + i, 4 * lanes);
                    Vector256<float> d0 = Vector256.Create(feature) - center;
                    Vector256<float> d1 = Vector256.Create(feature[lanes..]) - center;
                    Vector256<float> d2 = Vector256.Create(feature[(2 * lanes)..]) - center;
                    Vector256<float> d3 = Vector256.Create(feature[(3 * lanes)..]) - center;
                    sum0 += d0 * d0;
                    sum1 += d1 * d1;
                    sum2 += d2 * d2;
                    sum3 += d3 * d3;
                }

                Span<float> destination = squares.AsSpan(i, 4 * lanes);
                sum0.CopyTo(destination);
                sum1.CopyTo(destination[lanes..]);
                sum2.CopyTo(destination[(2 * lanes)..]);
                sum3.CopyTo(destination[(3 * lanes)..]);
            }
        }

        private int Insert(int index, float square, int found)
        {
            int place = Math.Min(found, kept - 1);

            // Strictly smaller: of two at one distance the earlier row stays in front.
            while (place > 0 && square < nearestSquares[place - 1])
            {
                nearestSquares[place] = nearestSquares[place - 1];
                nearest[place] = nearest[place - 1];
                place--;
            }

            (nearestSquares[place], nearest[place]) = (square, index);
            return Math.Min(found + 1, kept);
        }
    }
}
