using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.Data;

/// <summary>Random folds in which every label has the same share, up to one row.</summary>
public static class StratifiedFolds
{
    /// <summary>Assigns rows to folds, a function of (labels, folds, seed) alone.</summary>
    /// <param name="labels">Label of every row, from 0.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>Fold of every row, in [0, folds).</returns>
    public static int[] Assign(ReadOnlySpan<int> labels, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var rowsOf = new SortedDictionary<int, List<int>>();
        for (int r = 0; r < labels.Length; r++)
        {
            if (!rowsOf.TryGetValue(labels[r], out List<int>? rows))
            {
                rowsOf[labels[r]] = rows = [];
            }

            rows.Add(r);
        }

        int[] assigned = new int[labels.Length];

        // Labels take turns where the last one stopped, so that folds as a whole differ by one row at most.
        int next = 0;
        foreach ((int label, List<int> rows) in rowsOf)
        {
            var order = new KeyedPermutation(rows.Count, Philox.Block(seed, RandomStream.Fold, (uint)label));
            for (int i = 0; i < rows.Count; i++)
            {
                assigned[rows[order[i]]] = next;
                next = (next + 1) % folds;
            }
        }

        return assigned;
    }
}
