using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.Data;

/// <summary>Random folds, or a random share of the rows, in which every label has the same share, up to one row.</summary>
public static class StratifiedFolds
{
    /// <summary>Assigns rows to folds, a function of (labels, folds, seed) alone.</summary>
    /// <param name="labels">Label of every row, from 0.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="copies">Copies of a row go to the row's fold; null where rows are taken as different.</param>
    /// <returns>Fold of every row, in [0, folds).</returns>
    public static int[] Assign(ReadOnlySpan<int> labels, int folds, ulong seed, RowCopies? copies = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[] assigned = new int[labels.Length], ofGroup = new int[labels.Length];
        Array.Fill(ofGroup, -1);

        // Labels take turns where the last one stopped, so that folds as a whole differ by one row at most.
        int next = 0;
        foreach (int[] rows in Shuffled(labels, seed))
        {
            foreach (int row in rows)
            {
                // The first of a row's copies that comes decides.
                int group = copies is null ? row : copies.Groups[row];
                if (ofGroup[group] < 0)
                {
                    ofGroup[group] = next;
                    next = (next + 1) % folds;
                }

                assigned[row] = ofGroup[group];
            }
        }

        return assigned;
    }

    /// <summary>Holds out a share of the rows, a function of (labels, share, seed) alone; of every label at least one row is kept.</summary>
    /// <param name="labels">Label of every row, from 0.</param>
    /// <param name="share">The share, in (0, 1).</param>
    /// <param name="seed">Seed.</param>
    /// <param name="copies">Copies of a row are held out with it, or kept where they have several labels; null where rows are taken as different.</param>
    /// <returns>Whether each row is held out.</returns>
    public static bool[] HeldOut(ReadOnlySpan<int> labels, double share, ulong seed, RowCopies? copies = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        bool[] held = new bool[labels.Length];

        // What rounding gave one label is taken from the next, so that all of them together have the share.
        int seen = 0, taken = 0;
        foreach (int[] rows in Shuffled(labels, seed))
        {
            seen += rows.Length;
            int count = Math.Clamp((int)Math.Round(share * seen) - taken, 0, rows.Length - 1);
            if (copies is null || copies.Count == 0)
            {
                taken += count;
                foreach (int row in rows.AsSpan(0, count))
                {
                    held[row] = true;
                }

                continue;
            }

            foreach (IGrouping<int, int> group in rows.GroupBy(row => copies.Groups[row]))
            {
                if (group.Count() <= count && group.Count() == copies.SizeOf(group.Key))
                {
                    count -= group.Count();
                    taken += group.Count();
                    foreach (int row in group)
                    {
                        held[row] = true;
                    }
                }
            }
        }

        return held;
    }

    /// <summary>The rows of each label in random order, label by label.</summary>
    private static List<int[]> Shuffled(ReadOnlySpan<int> labels, ulong seed)
    {
        var rowsOf = new SortedDictionary<int, List<int>>();
        for (int r = 0; r < labels.Length; r++)
        {
            if (!rowsOf.TryGetValue(labels[r], out List<int>? rows))
            {
                rowsOf[labels[r]] = rows = [];
            }

            rows.Add(r);
        }

        List<int[]> shuffled = [];
        foreach ((int label, List<int> rows) in rowsOf)
        {
            var order = new KeyedPermutation(rows.Count, Philox.Block(seed, RandomStream.Fold, (uint)label));
            shuffled.Add([.. Enumerable.Range(0, rows.Count).Select(i => rows[order[i]])]);
        }

        return shuffled;
    }
}
