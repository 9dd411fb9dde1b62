using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>Boosted trees.</summary>
/// <param name="fits">Per repeat and fold.</param>
/// <param name="classes">Number of classes.</param>
internal sealed class TreeMember(IReadOnlyList<BoostedTrees> fits, int classes) : StackMember
{
    /// <inheritdoc/>
    public override string Name => "trees";

    /// <summary>Reads what <see cref="Tensors"/> wrote.</summary>
    public static TreeMember Read(SafetensorsFile file, string prefix, int classes)
    {
        long[] sizes = file[$"{prefix}sizes"].ToInt64(), counts = file[$"{prefix}trees"].ToInt64();
        long[] coordinate = file[$"{prefix}coordinate"].ToInt64(), left = file[$"{prefix}left"].ToInt64();
        float[] threshold = file[$"{prefix}threshold"].ToSingle(), value = file[$"{prefix}value"].ToSingle();
        int node = 0, tree = 0;
        List<BoostedTrees> fits = [];
        foreach (long count in counts)
        {
            List<BoostedTrees.Tree> trees = [];
            for (int i = 0; i < count; i++)
            {
                int size = (int)sizes[tree++];
                trees.Add(new BoostedTrees.Tree(
                    [.. coordinate.AsSpan(node, size).ToArray().Select(number => (int)number)],
                    threshold[node..(node + size)],
                    [.. left.AsSpan(node, size).ToArray().Select(number => (int)number)],
                    value[node..(node + size)]));
                node += size;
            }

            fits.Add(new BoostedTrees(classes == 2 ? 1 : classes, trees));
        }

        return new TreeMember(fits, classes);
    }

    /// <inheritdoc/>
    public override double[][] Evaluate(float[] points, sbyte[] folds, int repeats, ParallelOptions parallel)
    {
        int rows = folds.Length / repeats, dimension = points.Length / Math.Max(rows, 1), logits = classes == 2 ? 1 : classes;
        double[] values = new double[rows * classes];
        Parallel.For(0, rows, parallel, r =>
        {
            int[] own = [.. Fits(folds.AsMemory(r * repeats, repeats), fits.Count / FoldTable.Folds)];
            double[] sums = new double[logits];
            foreach (int fit in own)
            {
                fits[fit].Add(points.AsSpan(r * dimension, dimension), sums);
            }

            for (int k = 0; k < logits; k++)
            {
                values[(r * classes) + (logits == 1 ? 1 : k)] = sums[k] / own.Length;
            }
        });
        return [values];
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix)
    {
        BoostedTrees.Tree[] trees = [.. fits.SelectMany(fit => fit.Trees)];
        long[] coordinate = [.. trees.SelectMany(tree => tree.Coordinate).Select(number => (long)number)];
        long[] left = [.. trees.SelectMany(tree => tree.Left).Select(number => (long)number)];
        yield return SafetensorsTensor.Of($"{prefix}trees", (ReadOnlySpan<long>)[.. fits.Select(fit => (long)fit.Trees.Count)], fits.Count);
        yield return SafetensorsTensor.Of($"{prefix}sizes", (ReadOnlySpan<long>)[.. trees.Select(tree => (long)tree.Left.Length)], trees.Length);
        yield return SafetensorsTensor.Of($"{prefix}coordinate", coordinate, coordinate.Length);
        yield return SafetensorsTensor.Of($"{prefix}left", left, left.Length);
        yield return SafetensorsTensor.Of($"{prefix}threshold", (ReadOnlySpan<float>)[.. trees.SelectMany(tree => tree.Threshold)], left.Length);
        yield return SafetensorsTensor.Of($"{prefix}value", (ReadOnlySpan<float>)[.. trees.SelectMany(tree => tree.Value)], left.Length);
    }
}
