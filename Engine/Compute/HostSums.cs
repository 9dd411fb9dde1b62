namespace FlowRatio.Engine.Compute;

/// <summary>Operations on float64 sums, the same for every backend that computes on the host.</summary>
internal static class HostSums
{
    /// <summary>See <see cref="ComputeBackend.AddScaledRows"/>.</summary>
    public static void AddScaledRows(Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total)
    {
        Span<double> weight = ((HostAccumulator)weights).Values(0);
        Span<int> slot = ((HostIndexBuffer)slots).Values;
        for (int s = 0; s < total.Series; s++)
        {
            Span<double> rate = ((HostAccumulator)rates).Values(s);
            Span<double> sum = ((HostAccumulator)total).Values(s);
            for (int r = 0; r < rate.Length; r++)
            {
                if (weight[r] != 0)
                {
                    sum[slot[r]] += factor * weight[r] * rate[r];
                }
            }
        }
    }

    /// <summary>See <see cref="ComputeBackend.StoreSums"/>.</summary>
    public static void Store(Accumulator source, IndexBuffer destinations, Accumulator destination)
    {
        Span<int> rows = ((HostIndexBuffer)destinations).Values;
        for (int s = 0; s < source.Series; s++)
        {
            Span<double> from = ((HostAccumulator)source).Values(s);
            Span<double> to = ((HostAccumulator)destination).Values(s);
            for (int r = 0; r < rows.Length; r++)
            {
                if (rows[r] >= 0)
                {
                    to[rows[r]] = from[r];
                }
            }
        }
    }
}
