using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.Data;

/// <summary>A random split of row numbers, a function of (rows, fraction, seed) alone; of rows with copies also of which rows are copies.</summary>
/// <param name="Kept">Rows for training, in ascending order.</param>
/// <param name="HeldOut">Rows held out, in ascending order.</param>
public sealed record RowSplit(IReadOnlyList<int> Kept, IReadOnlyList<int> HeldOut)
{
    /// <summary>Splits rows.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="heldOutFraction">Share of rows to hold out, in [0, 1).</param>
    /// <param name="seed">Seed.</param>
    public static RowSplit Create(int rows, double heldOutFraction, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(heldOutFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOutFraction, 1);
        int heldOut = (int)(rows * heldOutFraction);
        var order = new KeyedPermutation(rows, Philox.Block(seed, RandomStream.Split, 0));
        bool[] isHeldOut = new bool[rows];
        for (int i = 0; i < heldOut; i++)
        {
            isHeldOut[order[i]] = true;
        }

        return Of(isHeldOut);
    }

    /// <summary>Splits the rows of a data set so that copies of a row are on the side of the row; without copies as the other overload.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="heldOutFraction">Share of rows to hold out, in [0, 1).</param>
    /// <param name="seed">Seed.</param>
    public static RowSplit Create(TrainingSet set, double heldOutFraction, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        RowSplit plain = Create(set.Rows, heldOutFraction, seed);
        int left = plain.HeldOut.Count;
        if (left == 0 || set.Copies.Count == 0)
        {
            return plain;
        }

        // Row by row in random order, each with all of its copies as long as there is room for them; at least one.
        var order = new KeyedPermutation(set.Rows, Philox.Block(seed, RandomStream.Split, 0));
        bool[] isTaken = new bool[set.Rows];
        int smallest = order[0];
        bool isEmpty = true;
        for (int i = 0; i < set.Rows && left > 0; i++)
        {
            int group = set.Copies.Groups[order[i]], size = set.Copies.SizeOf(group);
            smallest = size < set.Copies.SizeOf(smallest) ? group : smallest;
            if (!isTaken[group] && size <= left)
            {
                isTaken[group] = true;
                isEmpty = false;
                left -= size;
            }
        }

        if (isEmpty)
        {
            isTaken[set.Copies.Groups[smallest]] = true;
        }

        bool[] isHeldOut = new bool[set.Rows];
        for (int r = 0; r < isHeldOut.Length; r++)
        {
            isHeldOut[r] = isTaken[set.Copies.Groups[r]];
        }

        return Of(isHeldOut);
    }

    private static RowSplit Of(bool[] isHeldOut) => new(
        [.. Enumerable.Range(0, isHeldOut.Length).Where(r => !isHeldOut[r])], [.. Enumerable.Range(0, isHeldOut.Length).Where(r => isHeldOut[r])]);
}
