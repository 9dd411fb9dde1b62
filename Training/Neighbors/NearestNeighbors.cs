namespace FlowRatio.Training.Neighbors;

/// <summary>
/// Exact k nearest neighbours by comparing all pairs: n^2 d operations, vectorised over candidates. Ten seconds of one core do about 50,000
/// points in 20 dimensions; beyond a few hundred thousand points an approximate index is the tool (docs/applications.md).
/// </summary>
public static class NearestNeighbors
{
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

        var index = new NeighborIndex(points, dimension);
        int[] indices = new int[queries.Count * count];
        double[] distances = new double[queries.Count * count];

        // Every query is computed alone and in one order, so results do not depend on the threads.
        int[] own = [.. Enumerable.Range(0, rows)];
        Parallel.For(
            0,
            queries.Count,
            new ParallelOptions { CancellationToken = cancellation },
            () => index.Search(count),
            (i, _, search) =>
            {
                search.Run(
                    points.AsSpan(queries[i] * dimension, dimension), own, queries[i], indices.AsSpan(i * count, count), distances.AsSpan(i * count, count));
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
}
