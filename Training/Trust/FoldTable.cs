using FlowRatio.Training.Data;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Which fold each row is in, once per repeat of the cross-fitting. Rows with the same coordinates are in the same folds, so that none is scored by a model
/// of its copy; and a row that was trained on is recognised by its coordinates, wherever it is met again.
/// </summary>
internal sealed class FoldTable
{
    /// <summary>Number of folds.</summary>
    public const int Folds = 5;

    // Half of the last bit that counts, of 23.
    private const uint HalfUnit = 1 << 10;

    private readonly Dictionary<ulong, int> known = [];
    private readonly ulong[] digests;
    private readonly sbyte[] folds;

    private FoldTable(int repeats, ulong[] digests, sbyte[] folds)
    {
        Repeats = repeats;
        this.digests = digests;
        this.folds = folds;
        for (int i = 0; i < digests.Length; i++)
        {
            known[digests[i]] = i;
        }
    }

    /// <summary>Number of repeats.</summary>
    public int Repeats { get; }

    /// <summary>Digests of the different rows.</summary>
    public IReadOnlyList<ulong> Digests => digests;

    /// <summary>Folds of the different rows, row-major <c>[different rows, repeats]</c>.</summary>
    public IReadOnlyList<sbyte> Values => folds;

    /// <summary>Deals rows to folds.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c> as they will be met again.</param>
    /// <param name="dimension">d.</param>
    /// <param name="labels">Class of every row: each has the same share in every fold.</param>
    /// <param name="repeats">How often.</param>
    /// <param name="seed">Seed; each repeat has its own.</param>
    public static FoldTable Deal(ReadOnlySpan<float> points, int dimension, int[] labels, int repeats, ulong seed)
    {
        Dictionary<ulong, int> first = [];
        for (int r = 0; r < labels.Length; r++)
        {
            first.TryAdd(Digest(points.Slice(r * dimension, dimension)), r);
        }

        ulong[] digests = [.. first.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
        int[] owners = [.. first.Values.Order()];
        int[] ownLabels = [.. owners.Select(r => labels[r])];
        sbyte[] folds = new sbyte[owners.Length * repeats];
        for (int q = 0; q < repeats; q++)
        {
            int[] dealt = StratifiedFolds.Assign(ownLabels, Folds, seed + (ulong)q);
            for (int i = 0; i < owners.Length; i++)
            {
                folds[(i * repeats) + q] = (sbyte)dealt[i];
            }
        }

        return new FoldTable(repeats, digests, folds);
    }

    /// <summary>A table of a file.</summary>
    /// <exception cref="InvalidDataException">Lengths that do not fit, or a fold that there is not.</exception>
    public static FoldTable Restore(int repeats, ulong[] digests, sbyte[] folds)
    {
        if (repeats < 1 || folds.Length != (long)digests.Length * repeats || folds.Any(fold => fold is < 0 or >= Folds))
        {
            throw new InvalidDataException($"The folds of {digests.Length} rows in {repeats} repeats are {folds.Length} numbers, or are not below {Folds}.");
        }

        return new FoldTable(repeats, digests, folds);
    }

    /// <summary>Folds of points: -1 for those that were not trained on.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <returns>Row-major <c>[rows, repeats]</c>.</returns>
    public sbyte[] Of(ReadOnlySpan<float> points, int dimension)
    {
        int rows = points.Length / dimension;
        sbyte[] found = new sbyte[rows * Repeats];
        Array.Fill(found, (sbyte)-1);
        for (int r = 0; r < rows; r++)
        {
            if (known.TryGetValue(Digest(points.Slice(r * dimension, dimension)), out int own))
            {
                folds.AsSpan(own * Repeats, Repeats).CopyTo(found.AsSpan(r * Repeats));
            }
        }

        return found;
    }

    /// <summary>
    /// FNV-1a over the first bits of the coordinates: a row that comes back through a projection or another format differs in its last bits, and rows so close
    /// are better in one fold anyway. 0 and -0 are the same.
    /// </summary>
    private static ulong Digest(ReadOnlySpan<float> point)
    {
        ulong hash = 14695981039346656037;
        foreach (float value in point)
        {
            hash = (hash ^ ((BitConverter.SingleToUInt32Bits(value + 0f) + HalfUnit) & ~(HalfUnit | (HalfUnit - 1)))) * 1099511628211;
            hash ^= hash >> 29;
        }

        return hash;
    }
}
