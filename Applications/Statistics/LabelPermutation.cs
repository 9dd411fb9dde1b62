using FlowRatio.Engine.Randomness;

namespace FlowRatio.Applications.Statistics;

/// <summary>Random permutations of labels among the rows of each stratum, functions of (seed, draw) alone.</summary>
public sealed class LabelPermutation
{
    private readonly int[][] strata;
    private readonly int rows;

    /// <summary>Prepares permutations.</summary>
    /// <param name="strata">Stratum of each row.</param>
    public LabelPermutation(IReadOnlyList<int> strata)
    {
        ArgumentNullException.ThrowIfNull(strata);
        rows = strata.Count;
        this.strata = [.. Enumerable.Range(0, rows).GroupBy(r => strata[r]).OrderBy(group => group.Key).Select(group => group.ToArray())];
    }

    /// <summary>Permutes labels.</summary>
    /// <param name="labels">Label of each row.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="draw">Number of the permutation.</param>
    /// <returns>As many labels; every stratum keeps its own.</returns>
    /// <exception cref="ArgumentException">Another number of labels than rows.</exception>
    public int[] Draw(IReadOnlyList<int> labels, ulong seed, int draw)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != rows)
        {
            throw new ArgumentException($"There are {labels.Count} labels for {rows} rows.", nameof(labels));
        }

        int[] permuted = [.. labels];
        for (int s = 0; s < strata.Length; s++)
        {
            int[] own = strata[s];

            // Fisher and Yates: every order is equally likely.
            for (int i = own.Length - 1; i > 0; i--)
            {
                double uniform = Philox.Block(seed, RandomStream.Resampling, (uint)i, (uint)draw, (uint)s + 2).Uniform01;
                int other = own[(int)(uniform * (i + 1))];
                (permuted[own[i]], permuted[other]) = (permuted[other], permuted[own[i]]);
            }
        }

        return permuted;
    }
}
