using FlowRatio.Engine.Models;
using FlowRatio.Training.Neighbors;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Label fractions among nearest neighbours: log((n_c + m share_c) / (share_c (k + m))), with m rows that say nothing; a variant per number of neighbours k. A
/// row that was trained on has no neighbours in its own fold.
/// </summary>
/// <param name="data">The rows.</param>
/// <param name="folds">Per repeat the fold of every row.</param>
internal sealed class NeighborMember(LabelledPoints data, int[][] folds) : StackMember
{
    private const double PseudoRows = 10;
    private const int LargestPart = 3;
    private static readonly int[] Counts = [30, 150];
    private readonly int[][] folds = folds;
    private readonly NeighborIndex index = new(data.Points, data.Dimension);
    private readonly double[] shares = data.Shares([.. Enumerable.Range(0, data.Rows)]);

    /// <inheritdoc/>
    public override string Name => "neighbors";

    /// <inheritdoc/>
    public override int Variants => Counts.Length;

    /// <summary>Reads what <see cref="Tensors"/> wrote.</summary>
    public static NeighborMember Read(SafetensorsFile file, string prefix, int dimension, int classes) => new(
        new LabelledPoints(
            file[$"{prefix}points"].ToSingle(), dimension, [.. file[$"{prefix}labels"].ToInt64().Select(label => (int)label)], classes),
        [.. file[$"{prefix}folds"].ToInt64().Select(fold => (int)fold).Chunk(file[$"{prefix}labels"].Count)]);

    /// <inheritdoc/>
    public override double[][] Evaluate(float[] points, sbyte[] folds, int repeats, ParallelOptions parallel)
    {
        int rows = folds.Length / repeats, dimension = data.Dimension, classes = data.Classes;
        int most = Math.Min(Counts[^1], Math.Max(1, data.Rows / LargestPart));
        double[][] values = [.. Counts.Select(_ => new double[rows * classes])];
        Parallel.For(
            0,
            rows,
            parallel,
            () => (Search: index.Search(most), Indices: new int[most], Distances: new double[most], Sums: new double[classes]),
            (r, _, own) =>
            {
                int searches = folds[r * repeats] < 0 ? 1 : this.folds.Length;
                for (int q = 0; q < searches; q++)
                {
                    int found = own.Search.Run(
                        points.AsSpan(r * dimension, dimension), this.folds[q], folds[(r * repeats) + q], own.Indices, own.Distances);
                    for (int v = 0; v < Counts.Length; v++)
                    {
                        int count = Math.Min(Counts[v], found);
                        Array.Clear(own.Sums);
                        for (int i = 0; i < count; i++)
                        {
                            own.Sums[data.Labels[own.Indices[i]]]++;
                        }

                        for (int c = 0; c < classes; c++)
                        {
                            values[v][(r * classes) + c] +=
                                Math.Log((own.Sums[c] + (PseudoRows * shares[c])) / (shares[c] * (count + PseudoRows))) / searches;
                        }
                    }
                }

                return own;
            },
            _ => { });
        return values;
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix)
    {
        yield return SafetensorsTensor.Of($"{prefix}points", data.Points, data.Rows, data.Dimension);
        yield return SafetensorsTensor.Of($"{prefix}labels", (ReadOnlySpan<long>)[.. data.Labels.Select(label => (long)label)], data.Rows);
        yield return SafetensorsTensor.Of($"{prefix}folds", (ReadOnlySpan<long>)[.. folds.SelectMany(fold => fold).Select(fold => (long)fold)], folds.Length, data.Rows);
    }
}
