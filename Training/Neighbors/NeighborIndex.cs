using System.Runtime.Intrinsics;

namespace FlowRatio.Training.Neighbors;

/// <summary>Points among which nearest neighbours are searched, by comparing all of them with the one that is asked about.</summary>
/// <remarks>
/// Candidates are chosen in float32 from sums of squared differences (no expansion of the square, so that close points keep their
/// digits), a few more than asked for; these are measured again and sorted in float64.
/// </remarks>
internal sealed class NeighborIndex
{
    private const int BlockPoints = 512;
    private const int Spare = 8;
    private readonly float[] points;
    private readonly float[] blocks;
    private readonly int dimension;
    private readonly int rows;

    /// <summary>Sorts the points into blocks.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, finite; kept.</param>
    /// <param name="dimension">d.</param>
    public NeighborIndex(float[] points, int dimension)
    {
        this.points = points;
        this.dimension = dimension;
        rows = points.Length / dimension;
        blocks = ToBlocks(points, dimension, rows);
    }

    /// <summary>Memory for searches of one thread.</summary>
    /// <param name="count">Neighbours to find.</param>
    public NeighborSearch Search(int count) => new(this, count);

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

    /// <summary>Searches of one thread.</summary>
    internal sealed class NeighborSearch(NeighborIndex index, int count)
    {
        private readonly int kept = Math.Min(count + Spare, index.rows);
        private readonly float[] squares = new float[BlockPoints];

        // The nearest so far in ascending order: k is small, so inserting is cheaper than a heap and ties need no thought.
        private readonly float[] nearestSquares = new float[count + Spare];
        private readonly int[] nearest = new int[count + Spare];
        private readonly (double Distance, int Index)[] exact = new (double, int)[count + Spare];

        /// <summary>Finds neighbours of a point, nearest first.</summary>
        /// <param name="own">Its coordinates.</param>
        /// <param name="groups">A group of every row.</param>
        /// <param name="excluded">The group whose rows do not count.</param>
        /// <param name="indices">Row numbers, overwritten.</param>
        /// <param name="distances">Euclidean distances, overwritten.</param>
        /// <returns>How many were found: fewer than asked for where the other groups have no more rows.</returns>
        public int Run(ReadOnlySpan<float> own, int[] groups, int excluded, Span<int> indices, Span<double> distances)
        {
            int dimension = index.dimension, rows = index.rows;
            int found = 0;
            for (int first = 0; first < rows; first += BlockPoints)
            {
                Measure(own, index.blocks.AsSpan(first * dimension, BlockPoints * dimension));
                int end = Math.Min(BlockPoints, rows - first);
                for (int i = 0; i < end; i++)
                {
                    if ((found < kept || squares[i] < nearestSquares[kept - 1]) && groups[first + i] != excluded)
                    {
                        found = Insert(first + i, squares[i], found);
                    }
                }
            }

            for (int i = 0; i < found; i++)
            {
                exact[i] = (Distance(own, index.points.AsSpan(nearest[i] * dimension, dimension)), nearest[i]);
            }

            Array.Sort(exact, 0, found);
            int given = Math.Min(found, indices.Length);
            for (int i = 0; i < given; i++)
            {
                (distances[i], indices[i]) = exact[i];
            }

            return given;
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

        private int Insert(int row, float square, int found)
        {
            int place = Math.Min(found, kept - 1);

            // Strictly smaller: of two at one distance the earlier row stays in front.
            while (place > 0 && square < nearestSquares[place - 1])
            {
                nearestSquares[place] = nearestSquares[place - 1];
                nearest[place] = nearest[place - 1];
                place--;
            }

            (nearestSquares[place], nearest[place]) = (square, row);
            return Math.Min(found + 1, kept);
        }
    }
}
