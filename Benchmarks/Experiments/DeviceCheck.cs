using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>One training or solve on a device beside the CPU.</summary>
/// <param name="Name">What was compared.</param>
/// <param name="Difference">Largest relative difference: of a loss to itself, of a log-ratio to the largest one; for all but one in a hundred.</param>
/// <param name="Bound">Largest difference that passes.</param>
/// <param name="Largest">Largest relative difference of all.</param>
/// <param name="LargestBound">The same for it.</param>
/// <param name="Launches">What a training step, or the solve, asked of the device.</param>
/// <param name="Seconds">Seconds on the device.</param>
/// <param name="CpuSeconds">Seconds on the CPU.</param>
internal sealed record DeviceCheckRow(
    string Name, double Difference, double Bound, double Largest, double LargestBound, LaunchReport Launches, double Seconds, double CpuSeconds)
{
    /// <summary>Whether the differences are within their bounds; a NaN is not.</summary>
    public bool Passes => Difference <= Bound && Largest <= LargestBound;
}

/// <summary>Runs a <see cref="DeviceComparison"/>: every training, the default solve of each of their models, and every integration of the default one's.</summary>
/// <param name="comparison">What to compare.</param>
/// <param name="progress">Told every row.</param>
/// <param name="cancellation">Looked at between rows.</param>
internal sealed class DeviceCheck(DeviceComparison comparison, Action<DeviceCheckRow> progress, CancellationToken cancellation)
{
    private const string IntegratedTraining = "default";
    private const int RowsPerJump = 100;
    private readonly List<DeviceCheckRow> rows = [];

    /// <summary>Compares a device with the CPU.</summary>
    public IReadOnlyList<DeviceCheckRow> Run(ComputeBackend device)
    {
        using var cpu = new CpuBackend();
        foreach ((string name, TrainingOptions options) in comparison.Trainings)
        {
            DeviceComparison.TrainedRun expected = comparison.Train(cpu, options), actual = comparison.Train(device, options);
            double difference = expected.Losses.Zip(actual.Losses, (a, b) => Math.Abs(a - b) / Math.Abs(a)).Max();
            Add(new DeviceCheckRow(
                $"{comparison.Steps} training steps, {name}", difference, DeviceComparison.LossBound, difference, DeviceComparison.LossBound, actual.Launches!, actual.Seconds, expected.Seconds));
            foreach ((string integration, EstimationOptions how, double bound) in DeviceComparison.Integrations.Take(name == IntegratedTraining ? int.MaxValue : 1))
            {
                Compare($"{comparison.Points} log-ratios, {name}, {integration}", cpu, device, expected.Model, how, bound);
            }
        }

        return rows;
    }

    private void Compare(string name, ComputeBackend cpu, ComputeBackend device, FlowModel model, EstimationOptions options, double bound)
    {
        DeviceComparison.SolvedRun expected = comparison.Solve(cpu, model, options), actual = comparison.Solve(device, model, options);
        double scale = Math.Max(1, expected.Ratios.Max(Math.Abs));

        // The slope of SELU jumps at 0: an input that rounds to the other side of it changes the divergences of its row, by more the narrower the layer is.
        double[] differences = [.. expected.Ratios.Zip(actual.Ratios, (a, b) => Math.Abs(a - b) / scale).Order()];
        int all = differences.Length - 1, most = all - (differences.Length / RowsPerJump);
        Add(new DeviceCheckRow(
            name, differences[most], bound, differences.Any(double.IsNaN) ? double.NaN : differences[all], DeviceComparison.JumpBound,
            actual.Launches!, actual.Seconds, expected.Seconds));
    }

    private void Add(DeviceCheckRow row)
    {
        cancellation.ThrowIfCancellationRequested();
        rows.Add(row);
        progress(row);
    }
}
