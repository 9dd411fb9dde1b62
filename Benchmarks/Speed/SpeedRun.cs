using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Benchmarks.Speed.Cases;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// Measures cases one after the other. The multiply-add ceiling is sampled around each, so that its final value belongs to the
/// same minutes as the rest, and a row during which something else ran can be told.
/// </summary>
internal static class SpeedRun
{
    private const int CeilingSamples = 3;

    /// <summary>Measures.</summary>
    /// <param name="catalog">All cases.</param>
    /// <param name="entries">Those to measure.</param>
    /// <param name="seconds">Budget of each case.</param>
    /// <param name="progress">Told the number of cases done and the name of the next.</param>
    /// <param name="cancellation">Stops between repetitions.</param>
    public static SpeedReport Measure(
        SpeedCatalog catalog,
        IReadOnlyList<SpeedEntry> entries,
        double seconds,
        Action<int, string> progress,
        CancellationToken cancellation)
    {
        using var backends = new SpeedBackends();
        var ceilings = new SortedDictionary<int, List<double>>();
        List<(SpeedEntry Entry, SpeedWork Work, SpeedMeasurement Measurement, double Nearby)> measured = [];
        for (int i = 0; i < entries.Count; i++)
        {
            SpeedEntry entry = entries[i];
            progress(i, entry.Name);
            using ISpeedCase speedCase = entry.Create(backends);
            double before = SampleCeiling(ceilings, entry.Threads, cancellation);
            SpeedMeasurement measurement = SpeedMeasurement.Take(speedCase, seconds, cancellation);
            double after = SampleCeiling(ceilings, entry.Threads, cancellation);
            measured.Add((entry, speedCase.Work, measurement, 0.5 * (before + after)));
        }

        progress(entries.Count, "done");
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
    private static double SampleCeiling(SortedDictionary<int, List<double>> ceilings, int threads, CancellationToken cancellation)
    {
        using var ceiling = new MultiplyAddCeiling(threads);
        ceiling.Run();
        double[] samples = [.. SpeedMeasurement.Repeat(ceiling, CeilingSamples, 1, cancellation)
            .Milliseconds.Select(time => ceiling.Work.Flop / time / 1e6)];
        if (!ceilings.TryGetValue(threads, out List<double>? all))
        {
            ceilings.Add(threads, all = []);
        }

        all.AddRange(samples);
        return Quantiles.Of(samples).Median;
    }

    private static CeilingReport Report(int threads, List<double> samples)
    {
        Quantiles quantiles = Quantiles.Of(samples);
        return new CeilingReport(threads, quantiles.Median, quantiles.P10, quantiles.P90);
    }
}
