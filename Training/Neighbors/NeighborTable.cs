namespace FlowRatio.Training.Neighbors;

/// <summary>Per point its nearest other points, nearest first; equal distances in the order of row numbers.</summary>
/// <param name="Count">k, neighbours per point.</param>
/// <param name="Indices">Row numbers, row-major <c>[rows, k]</c>.</param>
/// <param name="Distances">Euclidean distances, row-major <c>[rows, k]</c>.</param>
public sealed record NeighborTable(int Count, int[] Indices, double[] Distances)
{
    /// <summary>Number of points.</summary>
    public int Rows => Indices.Length / Count;

    /// <summary>Neighbours of one point.</summary>
    /// <param name="row">The point.</param>
    public ReadOnlySpan<int> IndicesOf(int row) => Indices.AsSpan(row * Count, Count);

    /// <summary>Distances of one point's neighbours.</summary>
    /// <param name="row">The point.</param>
    public ReadOnlySpan<double> DistancesOf(int row) => Distances.AsSpan(row * Count, Count);
}
