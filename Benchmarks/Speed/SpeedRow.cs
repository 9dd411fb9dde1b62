using System.Text.Json.Serialization;
using FlowRatio.Benchmarks.Metrics;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>What was measured of one case.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Threads">Threads it ran on.</param>
/// <param name="Repetitions">Repetitions behind the quantiles.</param>
/// <param name="MedianMs">Median time in milliseconds.</param>
/// <param name="P10Ms">A tenth of the repetitions was faster.</param>
/// <param name="P90Ms">A tenth was slower.</param>
/// <param name="Gflops">GFLOP/s at the median; null where operations are not counted.</param>
/// <param name="CeilingShare">Share of the multiply-add ceiling with as many threads.</param>
/// <param name="NanosecondsPerElement">Time per element over that of the baseline case; null where there is none.</param>
/// <param name="AllocatedBytes">Heap allocations per run.</param>
/// <param name="NearbyCeiling">
/// The ceiling right before and after the case, as a share of the whole run's: well below 1 when something else took the processor.
/// </param>
internal sealed record SpeedRow(
    string Name,
    int Threads,
    int Repetitions,
    double MedianMs,
    double P10Ms,
    double P90Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Gflops,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CeilingShare,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? NanosecondsPerElement,
    double AllocatedBytes,
    double NearbyCeiling)
{
    /// <summary>Puts a row together.</summary>
    public static SpeedRow Of(
        SpeedEntry entry, SpeedWork work, SpeedMeasurement measurement, double? baselineMs, double ceiling, double nearby)
    {
        Quantiles times = Quantiles.Of(measurement.Milliseconds);
        double? gflops = work.Flop > 0 ? work.Flop / times.Median / 1e6 : null;
        return new SpeedRow(
            entry.Name,
            entry.Threads,
            measurement.Milliseconds.Length,
            times.Median,
            times.P10,
            times.P90,
            gflops,
            gflops / ceiling,
            baselineMs is { } baseline && work.Elements > 0 ? (times.Median - baseline) * 1e6 / work.Elements : null,
            measurement.AllocatedBytes,
            nearby / ceiling);
    }
}
