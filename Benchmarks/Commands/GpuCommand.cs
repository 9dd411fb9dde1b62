using System.CommandLine;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Conformance;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>
/// <c>gpu</c>: the conformance suite on a device, then trainings and solves compared with the CPU; with <c>--speed</c> measurements
/// instead.
/// </summary>
internal static class GpuCommand
{
    private const int MostFailuresShown = 20;

    public static Command Create()
    {
        var command = new Command("gpu", "Check a device: all contract tests on it, then trainings and solves against the CPU.");
        var device = new Option<string>("--device") { Description = $"Device: {DeviceCatalog.Syntax}.", DefaultValueFactory = _ => DeviceCatalog.Cuda };
        var only = new Option<string>("--only") { Description = "Run only contract tests whose name contains this.", DefaultValueFactory = _ => string.Empty };
        Option<int> dimension = Number("--dim", 10, "Dimension of the comparison.");
        Option<int> width = Number("--width", 256, "Width of the heads.");
        Option<int> batch = Number("--batch", 512, "Rows per training step.");
        Option<int> steps = Number("--steps", 200, "Training steps.");
        Option<int> points = Number("--points", 10_000, "Points of the solve.");
        var precision = new Option<string>("--precision") { Description = $"How to multiply: {string.Join(", ", DeviceCatalog.PrecisionNames.Values)}.", DefaultValueFactory = _ => "fp32" };
        Option<string> graphs = CommandOptions.Word("--graphs", "on", $"Submit repeated launches as one graph: {string.Join(", ", DeviceCatalog.GraphNames.Keys)}.");
        var speed = new GpuSpeedArguments();
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file." };
        foreach (Option option in (Option[])[device, precision, graphs, only, dimension, width, batch, steps, points, json])
        {
            command.Options.Add(option);
        }

        speed.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            string name = parsed.GetRequiredValue(device);
            FileInfo? output = FlowArguments.OutputFile(parsed, json);
            ProductPrecision mode = DeviceCatalog.Precision(parsed.GetRequiredValue(precision));
            bool keepsGraphs = DeviceCatalog.Graphs(parsed.GetRequiredValue(graphs));
            if (speed.IsGiven(parsed))
            {
                speed.Run(parsed, name, keepsGraphs, CommandOptions.AtLeast(parsed, batch, 1), output, cancellation);
                return;
            }

            var comparison = new DeviceComparison(
                CommandOptions.AtLeast(parsed, dimension, 1),
                CommandOptions.AtLeast(parsed, width, 1),
                CommandOptions.AtLeast(parsed, batch, 1),
                CommandOptions.AtLeast(parsed, steps, 1),
                CommandOptions.AtLeast(parsed, points, 1));
            Run((name, mode, keepsGraphs), parsed.GetRequiredValue(only), comparison, output, cancellation);
        })));
        return command;
    }

    private static void Run(
        (string Name, ProductPrecision Precision, bool Graphs) chosen,
        string only,
        DeviceComparison comparison,
        FileInfo? output,
        CancellationToken cancellation)
    {
        (string name, ProductPrecision precision, bool graphs) = chosen;
        using ComputeBackend device = DeviceCatalog.Open(name, 0, precision, graphs);
        string description = DeviceCatalog.Describe(device)!;
        Console.WriteLine($"{name}: {description}.");

        ConformanceResult conformance = ConformanceRun.Run(name, precision, graphs, only, cancellation);
        foreach (string failure in conformance.Failures.Take(MostFailuresShown))
        {
            Console.WriteLine(failure);
        }

        Console.WriteLine($"Contract tests: {conformance.Passed} passed, {conformance.Failed} failed, {conformance.Skipped} skipped.");
        IReadOnlyList<DeviceCheckRow> rows = new DeviceCheck(comparison, Print, cancellation).Run(device);
        Console.WriteLine($"Graphs {(graphs ? "on" : "off")}, refused by the driver {rows.Sum(row => row.Launches.RefusedGraphs)} times.");
        if (output is not null)
        {
            JsonFile.Write(output.FullName, new
            {
                experiment = "gpu",
                device = name,
                description,
                precision = DeviceCatalog.PrecisionNames[precision],
                graphs,
                passed = conformance.Passed,
                failed = conformance.Failed,
                skipped = conformance.Skipped,
                steps = comparison.Steps,
                points = comparison.Points,
                rows,
            });
        }

        Require(conformance.Passed > 0, "No contract test was run.");
        Require(conformance.Failed == 0, $"{conformance.Failed} contract test(s) failed.");

        // Products in TF32 differ from the CPU's by 2^-11; the contract tests have bounds for that, a trained network has none.
        foreach (DeviceCheckRow row in rows.Where(_ => precision != ProductPrecision.Tf32))
        {
            Require(row.Passes, $"{row.Name}: the device differs from the CPU by more than its bound.");
        }
    }

    private static void Print(DeviceCheckRow row) => Console.WriteLine(
        $"{row.Name}: differs by {row.Difference:0.0e0} (bound {row.Bound:0e0}), at most {row.Largest:0.0e0}; {row.Launches.Launches:F1} launches in {row.Launches.DriverCalls:F1} calls of the driver, "
        + $"{row.Launches.Graphs:F2} of them graphs; {row.Seconds:F2} s, CPU {row.CpuSeconds:F2} s.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
