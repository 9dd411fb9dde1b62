namespace FlowRatio.Training.Trust;

/// <summary>
/// Sums of regression trees, one sum per logit less the logarithm of its class's share: steps and thresholds along single coordinates, which smooth functions are late to learn.
/// </summary>
/// <param name="Logits">Number of sums.</param>
/// <param name="Trees">Trees in the order of their growth: number i belongs to sum i modulo the number of sums.</param>
internal sealed record BoostedTrees(int Logits, IReadOnlyList<BoostedTrees.Tree> Trees)
{
    /// <summary>A tree as arrays over its nodes; node 0 is the root.</summary>
    /// <param name="Coordinate">Coordinate that is compared; -1 at a leaf.</param>
    /// <param name="Threshold">Not above it goes left.</param>
    /// <param name="Left">Left child; the right one is the next node.</param>
    /// <param name="Value">Value of a leaf.</param>
    public sealed record Tree(int[] Coordinate, float[] Threshold, int[] Left, float[] Value)
    {
        /// <summary>Value at a point.</summary>
        public float At(ReadOnlySpan<float> point)
        {
            int node = 0;
            while (Coordinate[node] >= 0)
            {
                node = Left[node] + (point[Coordinate[node]] <= Threshold[node] ? 0 : 1);
            }

            return Value[node];
        }
    }

    /// <summary>Adds the trees from some number on to logits that are there already.</summary>
    public void Add(ReadOnlySpan<float> point, Span<double> logits, int first = 0)
    {
        for (int i = first; i < Trees.Count; i++)
        {
            logits[i % Logits] += Trees[i].At(point);
        }
    }
}
