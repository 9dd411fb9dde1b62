using System.Numerics;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Records;

/// <summary>What a training did with each row of its file, one bit a row: held it out, trained on it, or left it out.</summary>
public sealed record RowRoles
{
    /// <summary>Rows of the file.</summary>
    public required int Rows { get; init; }

    /// <summary>A bit per row, from the lowest of each byte: whether the row was held out.</summary>
    public required byte[] HeldOut { get; init; }

    /// <summary>A bit per row: whether the row took no part in the training, as a covariate is missing; null where every row took part.</summary>
    public byte[]? LeftOut { get; init; }

    /// <summary>The roles of rows.</summary>
    /// <param name="rows">Rows of the file.</param>
    /// <param name="used">Numbers of the rows that took part, in ascending order.</param>
    /// <param name="split">How these were split; it counts only them.</param>
    public static RowRoles Of(int rows, IReadOnlyList<int> used, RowSplit split)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(split);
        byte[] heldOut = Bits(rows, split.HeldOut.Select(row => used[row]));
        HashSet<int> taken = [.. used];
        return new RowRoles
        {
            Rows = rows,
            HeldOut = heldOut,
            LeftOut = taken.Count == rows ? null : Bits(rows, Enumerable.Range(0, rows).Where(row => !taken.Contains(row))),
        };
    }

    /// <summary>Whether a row of the file was held out; null where it took no part in the training.</summary>
    /// <param name="row">Number of the row, counted from 0.</param>
    public bool? IsHeldOut(long row) => LeftOut is not null && Has(LeftOut, row) ? null : Has(HeldOut, row);

    /// <summary>Checks what was read from a file.</summary>
    /// <param name="used">Rows that took part.</param>
    /// <param name="leftOut">Rows that did not.</param>
    /// <exception cref="InvalidDataException">The bits are not those of so many rows.</exception>
    public void Require(int used, int leftOut)
    {
        int bytes = (int)((Rows + 7L) / 8);
        if (Rows != (long)used + leftOut || HeldOut.Length != bytes || (LeftOut is null ? leftOut != 0 : LeftOut.Length != bytes || Count(LeftOut) != leftOut))
        {
            throw new InvalidDataException($"The section 'training' says of {used} rows that took part and {leftOut} that did not what fits to {Rows} other ones.");
        }
    }

    private static byte[] Bits(int rows, IEnumerable<int> set)
    {
        byte[] bits = new byte[(rows + 7) / 8];
        foreach (int row in set)
        {
            bits[row / 8] |= (byte)(1 << (row % 8));
        }

        return bits;
    }

    private static bool Has(byte[] bits, long row) => (bits[row / 8] & (1 << (int)(row % 8))) != 0;

    private static int Count(byte[] bits) => bits.Sum(part => BitOperations.PopCount(part));
}
