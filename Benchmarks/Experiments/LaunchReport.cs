using System.Text.Json.Serialization;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What was asked of a device, per training step (with validation and pilots) or per estimate.</summary>
/// <param name="Launches">Kernel launches.</param>
/// <param name="DriverCalls">Calls of the driver that submitted them.</param>
/// <param name="Graphs">Graphs among those calls.</param>
public sealed record LaunchReport(double Launches, double DriverCalls, double Graphs)
{
    /// <summary>Times that the driver refused a graph, after which launches went one by one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long RefusedGraphs { get; init; }

    /// <summary>Counts what is asked of a backend's device from now on.</summary>
    /// <param name="backend">The backend.</param>
    /// <returns>Gives the counts since, divided by a number; null for backends without a device.</returns>
    internal static Func<double, LaunchReport?> Count(ComputeBackend backend)
    {
        if (DeviceMeter.Of(backend) is { } meter)
        {
            return Count(meter);
        }

        return _ => null;
    }

    /// <summary>Counts what is asked of a device from now on.</summary>
    /// <param name="meter">The device's meter.</param>
    /// <returns>Gives the counts since, divided by a number.</returns>
    internal static Func<double, LaunchReport> Count(DeviceMeter meter)
    {
        (long launches, long calls, long graphs, long refused) = Read(meter);
        return times =>
        {
            (long launchesNow, long callsNow, long graphsNow, long refusedNow) = Read(meter);
            return new LaunchReport((launchesNow - launches) / times, (callsNow - calls) / times, (graphsNow - graphs) / times)
            {
                RefusedGraphs = refusedNow - refused,
            };
        };
    }

    private static (long Launches, long Calls, long Graphs, long Refused) Read(DeviceMeter meter) =>
        (meter.Launches, meter.Submissions, meter.GraphLaunches, meter.RefusedGraphs);
}
