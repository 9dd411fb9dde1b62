using System.CommandLine;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Conformance;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>
/// <c>gpu</c>: the conformance suite on a device, then training steps and a solve compared with the CPU; with <c>--speed</c> measurements
/// instead.
/// </summary>
internal static class GpuCommand
{
    private const int MostFailuresShown = 20;

    public static Command Create()
    {
        var command = new Command("gpu", "Check a device: all contract tests on it, then training steps and a solve against the CPU.");
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
        using var cpu = new CpuBackend();
        (double[] expected, float[] parameters, double cpuTrainSeconds) = comparison.Train(cpu);
        Func<double, LaunchReport?> count = LaunchReport.Count(device);
        (double[] losses, _, double trainSeconds) = comparison.Train(device);
        LaunchReport step = count(comparison.Steps)!;
        double lossDifference = expected.Zip(losses, (a, b) => Math.Abs(a - b) / a).Max();
        (IReadOnlyList<double> ratios, double cpuSolveSeconds) = comparison.Solve(cpu, parameters);
        count = LaunchReport.Count(device);
        (IReadOnlyList<double> deviceRatios, double solveSeconds) = comparison.Solve(device, parameters);
        LaunchReport solve = count(1)!;
        double scale = Math.Max(1, ratios.Max(Math.Abs));
        double ratioDifference = ratios.Zip(deviceRatios, (a, b) => Math.Abs(a - b)).Max() / scale;
        Console.WriteLine(
            $"{comparison.Steps} training steps: largest relative difference of a loss {lossDifference:0.0e0} (bound {DeviceComparison.LossBound:0e0}); "
            + $"{trainSeconds:F2} s, CPU {cpuTrainSeconds:F2} s.");
        Console.WriteLine(
            $"{comparison.Points} log-ratios: largest difference {ratioDifference:0.0e0} of the largest one (bound {DeviceComparison.RatioBound:0e0}); "
            + $"{solveSeconds:F2} s, CPU {cpuSolveSeconds:F2} s.");
        Console.WriteLine(
            $"Launches: {step.Launches:F1} per training step in {step.DriverCalls:F1} calls of the driver, {step.Graphs:F2} of them graphs; "
            + $"{solve.Launches:F0} per solve in {solve.DriverCalls:F0}, {solve.Graphs:F0} graphs. "
            + $"Graphs {(graphs ? "on" : "off")}, refused by the driver {step.RefusedGraphs + solve.RefusedGraphs} times.");
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
                loss_difference = lossDifference,
                step_launches = step,
                points = comparison.Points,
                ratio_difference = ratioDifference,
                solve_launches = solve,
                seconds = new { train = trainSeconds, solve = solveSeconds, cpu_train = cpuTrainSeconds, cpu_solve = cpuSolveSeconds },
            });
        }

        Require(conformance.Passed > 0, "No contract test was run.");
        Require(conformance.Failed == 0, $"{conformance.Failed} contract test(s) failed.");
        if (precision == ProductPrecision.Tf32)
        {
            // Its products differ from the CPU's by 2^-11; the contract tests have bounds for that, a trained network has none.
            return;
        }

        Require(lossDifference <= DeviceComparison.LossBound, "The training losses differ by more than their bound.");
        Require(ratioDifference <= DeviceComparison.RatioBound, "The log-ratios differ by more than their bound.");
    }

    private static void Require(bool condition, string message)
    {
        // Written so that a NaN fails.
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
