using System.Runtime.InteropServices;

namespace FlowRatio.Training.Data;

/// <summary>
/// Rows that are copies of others: equal in every coordinate. A split that puts copies on both sides judges a model by rows it has seen. A value of more
/// than one row in twenty is no copy but an atom of the distribution (zero counts), whose rows are split like others.
/// </summary>
public sealed class RowCopies
{
    private const int OneOf = 20;
    private const int FewestRowsOfAtom = 10;

    private readonly int[] groups;
    private readonly int[] sizes;

    private RowCopies(int[] groups, int[] sizes, int copies)
    {
        this.groups = groups;
        this.sizes = sizes;
        Count = copies;
    }

    /// <summary>Number of rows that are equal to an earlier one.</summary>
    public int Count { get; }

    /// <summary>Per row the number of the first row that it is split with: its own without copies.</summary>
    public ReadOnlySpan<int> Groups => groups;

    /// <summary>Finds copies.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    public static RowCopies Of(ReadOnlySpan<float> points, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int[] groups = new int[points.Length / dimension], next = new int[groups.Length], sizes = new int[groups.Length];
        Dictionary<ulong, int> firstOfHash = [];
        int copies = 0;
        for (int r = 0; r < groups.Length; r++)
        {
            ReadOnlySpan<float> own = points.Slice(r * dimension, dimension);
            ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(firstOfHash, Hash(own), out bool isKnown);
            next[r] = -1;
            groups[r] = r;
            if (!isKnown)
            {
                first = r;
            }

            for (int other = isKnown ? first : -1; other >= 0 && groups[r] == r; other = next[other])
            {
                if (points.Slice(other * dimension, dimension).SequenceEqual(own))
                {
                    groups[r] = other;
                    copies++;
                }
                else if (next[other] < 0)
                {
                    // Another row with the same hash.
                    next[other] = r;
                    break;
                }
            }

            sizes[groups[r]]++;
        }

        for (int r = 0; r < groups.Length; r++)
        {
            if (sizes[groups[r]] > Math.Max(FewestRowsOfAtom, groups.Length / OneOf))
            {
                groups[r] = r;
            }
        }

        Array.Clear(sizes);
        foreach (int group in groups)
        {
            sizes[group]++;
        }

        return new RowCopies(groups, sizes, copies);
    }

    /// <summary>Rows that are split together with a row, itself included.</summary>
    /// <param name="row">Number of the row.</param>
    internal int SizeOf(int row) => sizes[groups[row]];

    private static ulong Hash(ReadOnlySpan<float> values)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (float value in values)
        {
            // Zero has two signs.
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value + 0f)) * 0xD6E8FEB86659FD93;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
