using FlowRatio.Engine.Randomness;

namespace FlowRatio.Applications.Statistics;

/// <summary>Percentile bootstrap of a mean: replicates are drawn with replacement.</summary>
/// <param name="Mean">Mean of the values.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public readonly record struct BootstrapInterval(double Mean, double Low, double High)
{
    /// <summary>Interval of 95%.</summary>
    /// <param name="values">One value per replicate, at least one.</param>
    /// <param name="draws">Bootstrap samples.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The interval; with one value it has no width and says nothing.</returns>
    public static BootstrapInterval Of(IReadOnlyList<double> values, int draws = 4999, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 39);
        double[] means = new double[draws];
        for (int i = 0; i < draws; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Count; j++)
            {
                double uniform = Philox.Block(seed, RandomStream.Resampling, (uint)i, (uint)j, 1).Uniform01;
                sum += values[(int)(uniform * values.Count)];
            }

            means[i] = sum / values.Count;
        }

        Array.Sort(means);
        return new BootstrapInterval(values.Average(), means[(int)(0.025 * (draws + 1)) - 1], means[(int)(0.975 * (draws + 1)) - 1]);
    }
}
