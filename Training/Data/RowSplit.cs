using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.Data;

/// <summary>A random split of row numbers, a function of (rows, fraction, seed) alone.</summary>
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

        return new RowSplit(
            [.. Enumerable.Range(0, rows).Where(r => !isHeldOut[r])], [.. Enumerable.Range(0, rows).Where(r => isHeldOut[r])]);
    }
}
