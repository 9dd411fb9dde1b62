using FlowRatio.Engine.Randomness;

namespace FlowRatio.Applications.Abundance;

/// <summary>Labels of a semi-synthetic task: real cells, treatment drawn per cell with a probability that its cluster's role decides.</summary>
public static class SemiSyntheticLabels
{
    /// <summary>P(treated) of a cluster.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="level">r in [0, 1/2].</param>
    public static double Probability(ClusterRole role, double level) => role switch
    {
        ClusterRole.MoreTreated => 0.5 + level,
        ClusterRole.MoreControl => 0.5 - level,
        _ => 0.5,
    };

    /// <summary>Draws labels, a function of (role, level, seed, draw, number of the cell) alone.</summary>
    /// <param name="roles">Role of each cell's cluster.</param>
    /// <param name="level">r in [0, 1/2].</param>
    /// <param name="seed">Seed.</param>
    /// <param name="draw">Number of the draw; other numbers are independent.</param>
    public static bool[] Draw(IReadOnlyList<ClusterRole> roles, double level, ulong seed, int draw)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 0.5);
        return
        [
            .. Enumerable.Range(0, roles.Count).Select(
                i => Philox.Block(seed, RandomStream.Label, (uint)i, (uint)draw).Uniform01 < Probability(roles[i], level)),
        ];
    }

    /// <summary>
    /// The true log p(x | treated) - log p(x | control) of each cell: treatment depends on the cluster alone, so by Bayes' rule the ratio
    /// is the cluster's log-odds minus those of the whole table, with the counts as drawn.
    /// </summary>
    /// <param name="roles">Role of each cell's cluster.</param>
    /// <param name="level">r in [0, 1/2].</param>
    /// <param name="isTreated">The labels; both must occur.</param>
    public static double[] LogRatios(IReadOnlyList<ClusterRole> roles, double level, IReadOnlyList<bool> isTreated)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(isTreated);
        int treated = isTreated.Count(label => label);
        double prior = Math.Log((double)treated / (isTreated.Count - treated));
        return [.. roles.Select(role => Math.Log(Probability(role, level) / (1 - Probability(role, level))) - prior)];
    }
}
