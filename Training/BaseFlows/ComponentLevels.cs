using FlowRatio.Engine.BaseFlows;
using MathNet.Numerics;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// Components of a mixture of all rows, grouped into levels: components of one level have the same shares P(condition | component). Where a
/// population as a whole becomes more or less frequent, its many components are one level, whose shares all its rows estimate together; so
/// borders are as fine as the components, and noise as small as the population is large.
/// </summary>
/// <remarks>
/// Levels by merging: every component begins as a level of its own, and the two levels whose union scores best are merged as long as the score
/// rises, which is the classification likelihood of the conditions less BIC's price (Biernacki, Celeux, Govaert 2000): sum over levels of
/// L(n_j) + m_j ln(m_j / K) - C/2 ln n, with L(n) = sum_c n_c ln(n_c / n) and m_j components in level j. The second term is what it costs to say which
/// component is of which level; without it hundreds of small components are sorted by their noise as well, which is of use only where what
/// matters is the side of a border that a row is on.
/// Rows of components by EM with the row's condition as evidence: r_rk ~ w_k N_k(x_r) P(c_r | k). A share is the geometric mean of its posterior
/// under Jeffreys' prior, exp psi(n_c + 1/2), which makes a difference of two shares' logarithms the posterior mean of the log-ratio.
/// </remarks>
internal sealed class ComponentLevels
{
    private const int Rounds = 5;
    private const double JeffreysRows = 0.5;

    private readonly BaseDensity whole;
    private readonly double[][] shares;

    private ComponentLevels(BaseDensity whole, double[][] shares, int count)
    {
        this.whole = whole;
        this.shares = shares;
        Count = count;
    }

    /// <summary>Number of levels.</summary>
    public int Count { get; }

    /// <summary>Finds the levels.</summary>
    /// <param name="whole">The mixture of all rows.</param>
    /// <param name="likelihoods">Density of each row in each component without its weight, <c>[rows, K]</c>, up to a factor per row.</param>
    /// <param name="groups">Row numbers of each condition.</param>
    /// <param name="isCoded">Whether the second term counts.</param>
    /// <param name="parallel">Threads, and cancellation, which is looked at before every iteration.</param>
    public static ComponentLevels Fit(
        BaseDensity whole, double[] likelihoods, IReadOnlyList<int[]> groups, bool isCoded, ParallelOptions parallel)
    {
        int components = whole.Components.Length;
        double rows = groups.Sum(group => group.Length);
        double[] weights = [.. whole.Components.Select(component => component.Weight)];
        double[] overall = [.. groups.Select(group => group.Length / rows)];
        double[][] shares = [.. Enumerable.Range(0, components).Select(_ => overall)];

        // At first a row's condition says nothing about its component: shares of single components would fit their rows' noise.
        double[][] counts = Counts(likelihoods, weights, shares, groups, parallel);
        int[] levels = [];
        for (int round = 0; round < Rounds; round++)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            levels = Merge(counts, 0.5 * groups.Count * Math.Log(rows), isCoded);
            shares = OfLevels(counts, levels);
            counts = Counts(likelihoods, weights, shares, groups, parallel);
        }

        return new ComponentLevels(whole, shares, levels.Distinct().Count());
    }

    /// <summary>The mixture of some conditions' rows.</summary>
    /// <param name="conditions">Numbers of the conditions, at least one.</param>
    public BaseDensity Of(IReadOnlyList<int> conditions) => new(
        whole.Components.Select((component, k) => component.WithWeight(component.Weight * conditions.Sum(c => shares[k][c]))));

    /// <summary>Groups components by their counts.</summary>
    /// <param name="counts">Rows of each condition, <c>[K][C]</c>.</param>
    /// <param name="price">What a further level costs beside its components' code.</param>
    /// <param name="isCoded">Whether there is such a code.</param>
    /// <returns>The level of each component: the number of one of its components.</returns>
    internal static int[] Merge(double[][] counts, double price, bool isCoded = true)
    {
        int[] levels = [.. Enumerable.Range(0, counts.Length)];
        List<int> open = [.. levels];
        double[][] sums = [.. counts.Select(count => (double[])count.Clone())];
        int[] sizes = [.. levels.Select(_ => 1)];
        double[] own = [.. sums.Select(LogLikelihood)];
        double[,] losses = new double[counts.Length, counts.Length];
        for (int a = 0; a < counts.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                losses[a, b] = Loss(a, b);
            }
        }

        while (open.Count > 1)
        {
            (int First, int Second) best = default;
            double least = double.PositiveInfinity;
            for (int i = 1; i < open.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (losses[open[i], open[j]] < least)
                    {
                        least = losses[open[i], open[j]];
                        best = (open[i], open[j]);
                    }
                }
            }

            if (least > price)
            {
                break;
            }

            // The smaller number stays, so that open numbers remain in order.
            (int gone, int kept) = best;
            open.Remove(gone);
            for (int k = 0; k < levels.Length; k++)
            {
                levels[k] = levels[k] == gone ? kept : levels[k];
            }

            for (int c = 0; c < sums[kept].Length; c++)
            {
                sums[kept][c] += sums[gone][c];
            }

            sizes[kept] += sizes[gone];
            own[kept] = LogLikelihood(sums[kept]);
            foreach (int other in open.Where(other => other != kept))
            {
                losses[Math.Max(kept, other), Math.Min(kept, other)] = Loss(kept, other);
            }
        }

        return levels;

        // K of the code cancels: what is left of it is m ln m.
        double Loss(int a, int b) => own[a] + own[b] - LogLikelihood([.. sums[a].Zip(sums[b], (x, y) => x + y)])
            + Code(sizes[a]) + Code(sizes[b]) - Code(sizes[a] + sizes[b]);

        double Code(int size) => isCoded ? size * Math.Log(size) : 0;
    }

    /// <summary>Largest log-likelihood of conditions with these counts: sum n_c ln(n_c / n).</summary>
    internal static double LogLikelihood(double[] counts)
    {
        double sum = 0, total = 0;
        foreach (double count in counts)
        {
            sum += count > 0 ? count * Math.Log(count) : 0;
            total += count;
        }

        return total > 0 ? sum - (total * Math.Log(total)) : 0;
    }

    private static double[][] OfLevels(double[][] counts, int[] levels)
    {
        double[][] shares = new double[counts.Length][];
        foreach (IGrouping<int, int> level in Enumerable.Range(0, counts.Length).GroupBy(k => levels[k]))
        {
            double[] geometric =
            [
                .. Enumerable.Range(0, counts[0].Length).Select(
                    c => Math.Exp(SpecialFunctions.DiGamma(level.Sum(k => counts[k][c]) + JeffreysRows))),
            ];
            double total = geometric.Sum();
            double[] share = [.. geometric.Select(value => value / total)];
            foreach (int k in level)
            {
                shares[k] = share;
            }
        }

        return shares;
    }

    /// <summary>Rows of each condition in each component, <c>[K][C]</c>.</summary>
    private static double[][] Counts(double[] likelihoods, double[] weights, double[][] shares, IReadOnlyList<int[]> groups, ParallelOptions parallel)
    {
        double[][] counts = [.. weights.Select(_ => new double[groups.Count])];
        Parallel.For(0, groups.Count, parallel, c =>
        {
            double[] factors = [.. weights.Select((weight, k) => weight * shares[k][c])], sums = new double[weights.Length];
            foreach (int r in groups[c])
            {
                ReadOnlySpan<double> row = likelihoods.AsSpan(r * factors.Length, factors.Length);
                double total = 0;
                for (int k = 0; k < factors.Length; k++)
                {
                    total += factors[k] * row[k];
                }

                double share = total > 0 ? 1 / total : 0;
                for (int k = 0; k < factors.Length; k++)
                {
                    sums[k] += share * factors[k] * row[k];
                }
            }

            for (int k = 0; k < sums.Length; k++)
            {
                counts[k][c] = sums[k];
            }
        });
        return counts;
    }
}
