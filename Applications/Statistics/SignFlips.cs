using FlowRatio.Engine.Randomness;

namespace FlowRatio.Applications.Statistics;

/// <summary>Tests that flip signs: of all assignments where they are few, else of random ones.</summary>
public static class SignFlips
{
    private const int MostExact = 16;

    /// <summary>Share of sign assignments whose statistic is at least the observed one (all plus signs, which counts as well).</summary>
    /// <param name="count">Number of signs.</param>
    /// <param name="statistic">Statistic of an assignment of +1 and -1.</param>
    /// <param name="draws">Random assignments where 2^count are too many.</param>
    /// <param name="seed">Seed of the random assignments.</param>
    /// <returns>The p-value, and the smallest that the test can give.</returns>
    public static (double P, double Smallest) Test(int count, Func<IReadOnlyList<int>, double> statistic, int draws = 9999, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(statistic);
        int[] signs = [.. Enumerable.Repeat(1, count)];
        double observed = statistic(signs);
        double slack = 1e-12 * Math.Abs(observed);
        bool isExact = count <= MostExact;
        int total = isExact ? 1 << count : draws + 1, extreme = 0, equal = 0;
        for (int i = 0; i < total; i++)
        {
            for (int j = 0; j < count && i > 0; j++)
            {
                bool minus = isExact ? (i >> j & 1) != 0 : Philox.Block(seed, RandomStream.Resampling, (uint)i, (uint)j).Uniform01 < 0.5;
                signs[j] = minus ? -1 : 1;
            }

            double value = statistic(signs);
            extreme += value >= observed - slack ? 1 : 0;
            equal += Math.Abs(value - observed) <= slack ? 1 : 0;
        }

        return ((double)extreme / total, (double)equal / total);
    }
}
