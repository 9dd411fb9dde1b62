using System.CommandLine;
using System.Diagnostics;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>scale</c>: log-ratios of very many points by a small untrained network; time and peak memory.</summary>
internal static class ScaleCommand
{
    public static Command Create()
    {
        var command = new Command("scale", "Log-ratios of many points by a small untrained network: points per second and peak memory.");
        var points = new Option<int>("--points") { Description = "Number of points.", DefaultValueFactory = _ => 1_000_000 };
        var dimension = new Option<int>("--dim") { Description = "Dimension.", DefaultValueFactory = _ => 10 };
        var width = new Option<int>("--width") { Description = "Width of the heads' hidden layers.", DefaultValueFactory = _ => 64 };
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file." };
        command.Options.Add(points);
        command.Options.Add(dimension);
        command.Options.Add(width);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            int count = CommandOptions.AtLeast(parsed, points, 1);
            int d = CommandOptions.AtLeast(parsed, dimension, 1);
            FileInfo? output = FlowArguments.OutputFile(parsed, json);
            var shape = new NetworkShape(d, [2]) { HeadHidden = CommandOptions.AtLeast(parsed, width, 1), DataHidden = 64 };
            var vocabulary = new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b"]));
            var model = new FlowModel(shape, new VelocityScoreNetwork(shape).Initialize(1), PathSchedule.Deterministic, vocabulary);
            float[] data = new GaussianTask(d, 0).Sample(count, false, 1, 0);
            using var process = Process.GetCurrentProcess();
            long before = process.PeakWorkingSet64;
            var clock = Stopwatch.StartNew();
            EstimationResult result = ProgressDisplay.Run(createBar =>
            {
                using var backend = new CpuBackend();
                using var estimator = new LogRatioEstimator(model, null, backend);
                return estimator.Estimate(data, model.Condition("a"), model.Condition("b"), 0, createBar("log-ratios"), cancellation);
            });
            double seconds = clock.Elapsed.TotalSeconds;
            process.Refresh();
            const double mebibyte = 1 << 20;
            double peak = process.PeakWorkingSet64 / mebibyte;
            Console.WriteLine(
                $"{count} points of dimension {d}: {seconds:F1} s, {count / seconds:F0} points/s; peak memory {peak:F0} MiB, "
                + $"of which {before / mebibyte:F0} before the estimation (points {4.0 * data.Length / mebibyte:F0} MiB).");
            if (output is not null)
            {
                JsonFile.Write(output.FullName, new
                {
                    experiment = "scale",
                    points = count,
                    dim = d,
                    seconds,
                    peak_mebibytes = peak,
                    peak_before_mebibytes = before / mebibyte,
                    failures = result.Failures.Count,
                });
            }
        })));
        return command;
    }
}
