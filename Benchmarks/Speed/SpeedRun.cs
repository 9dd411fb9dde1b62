using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Benchmarks.Speed.Cases;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// Measures cases one after the other. The multiply-add ceiling is sampled around each, so that its final value belongs to the
/// same minutes as the rest, and a row during which something else ran can be told.
/// </summary>
internal static class SpeedRun
{
    private const int CeilingSamples = 5;
    private const int CeilingWarmUp = 2;

    /// <summary>Measures.</summary>
    /// <param name="catalog">All cases.</param>
    /// <param name="entries">Those to measure.</param>
    /// <param name="seconds">Budget of each case.</param>
    /// <param name="progress">Told each case's name and median time in milliseconds when it has been measured.</param>
    /// <param name="cancellation">Stops between repetitions.</param>
    public static SpeedReport Measure(
        SpeedCatalog catalog,
        IReadOnlyList<SpeedEntry> entries,
        double seconds,
        Action<string, double> progress,
        CancellationToken cancellation)
    {
        using var backends = new SpeedBackends();
        var ceilings = new SortedDictionary<int, List<double>>();
        var limits = new Dictionary<int, MultiplyAddCeiling>();
        List<(SpeedEntry Entry, SpeedWork Work, SpeedMeasurement Measurement, double Nearby)> measured = [];
        try
        {
            foreach (SpeedEntry entry in entries)
            {
                if (!limits.TryGetValue(entry.Threads, out MultiplyAddCeiling? limit))
                {
                    limits.Add(entry.Threads, limit = new MultiplyAddCeiling(entry.Threads));
                    ceilings.Add(entry.Threads, []);
                }

                using ISpeedCase speedCase = entry.Create(backends);
                double before = SampleCeiling(limit, ceilings[entry.Threads], cancellation);
                SpeedMeasurement measurement = SpeedMeasurement.Take(speedCase, seconds, cancellation);
                double after = SampleCeiling(limit, ceilings[entry.Threads], cancellation);
                measured.Add((entry, speedCase.Work, measurement, 0.5 * (before + after)));
                progress(entry.Name, Quantiles.Of(measurement.Milliseconds).Median);
            }
        }
        finally
        {
            foreach (MultiplyAddCeiling limit in limits.Values)
            {
                limit.Dispose();
            }
        }

        Dictionary<string, double> medians = measured.ToDictionary(
            row => row.Entry.Name, row => Quantiles.Of(row.Measurement.Milliseconds).Median);
        return new SpeedReport(
            "speed",
            MachineReport.Detect(backends[catalog.Threads]),
            catalog.Threads,
            seconds,
            [.. ceilings.Select(entry => Report(entry.Key, entry.Value))],
            [.. measured.Select(row => SpeedRow.Of(
                row.Entry,
                row.Work,
                row.Measurement,
                row.Entry.Baseline is { } baseline && medians.TryGetValue(baseline, out double median) ? median : null,
                Quantiles.Of(ceilings[row.Entry.Threads]).Median,
                row.Nearby))]);
    }

    /// <summary>GFLOP/s of a few runs of the ceiling, which are kept; returns their median.</summary>
    private static double SampleCeiling(MultiplyAddCeiling limit, List<double> all, CancellationToken cancellation)
    {
        for (int i = 0; i < CeilingWarmUp; i++)
        {
            limit.Run();
        }

        double[] samples = [.. SpeedMeasurement.Repeat(limit, CeilingSamples, 1, cancellation)
            .Milliseconds.Select(time => limit.Work.Flop / time / 1e6)];
        all.AddRange(samples);
        return Quantiles.Of(samples).Median;
    }

    private static CeilingReport Report(int threads, List<double> samples)
    {
        Quantiles quantiles = Quantiles.Of(samples);
        return new CeilingReport(threads, quantiles.Median, quantiles.P10, quantiles.P90);
    }
}
