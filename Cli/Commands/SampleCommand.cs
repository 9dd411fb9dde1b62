using System.CommandLine;
using System.Diagnostics;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Commands;

/// <summary><c>sample</c>: points drawn from a condition.</summary>
internal static class SampleCommand
{
    private const int BlockValues = 1 << 20;

    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("sample", "Draw points from a condition of the model, in the units of its training data.");
        var model = new Argument<string>("MODEL") { Description = "A model file." };
        var condition = new Option<string>("--condition") { Description = $"The condition: {ConditionText.Syntax}. Needed unless the model has no conditions." };
        var number = new Option<int>("-n") { Description = "Number of points.", DefaultValueFactory = _ => 1000 };
        var output = new Option<string>("--output", "-o") { Description = "Where to write: .csv or .tsv (also .gz).", Required = true, HelpName = "OUT" };
        var steps = CommandOptions.Number("--steps", 20, "Equal Runge-Kutta steps from the noise to the data.");
        var seed = new Option<long>("--seed") { Description = "Seed of the points.", DefaultValueFactory = _ => 1 };
        command.Arguments.Add(model);
        foreach (Option option in (Option[])[condition, number, output, steps, seed])
        {
            command.Options.Add(option);
        }

        var device = new DeviceArguments(command);
        command.SetAction(failures.Guard((parsed, cancellation) =>
        {
            TrainedModel trained = TrainedModel.Read(parsed.GetRequiredValue(model));
            ConditionText wanted = ConditionText.Parse(parsed.GetValue(condition) ?? string.Empty, "--condition", trained);
            int count = CommandOptions.AtLeast(parsed, number, 1);
            string path = new CommandFiles((model.Name, parsed.GetRequiredValue(model))).Write("-o", parsed.GetRequiredValue(output));
            OutputName.Require(path, "-o", OutputName.Text);
            var options = new EstimationOptions { Steps = CommandOptions.AtLeast(parsed, steps, 1), Seed = CommandOptions.Seed(parsed, seed) };
            using ComputeBackend backend = device.Create(parsed, WorkEstimate.OfTrajectories(trained.Model.Network.Shape, count, options.Steps));
            using var sampler = new Sampler(trained.Model, options, backend);
            Write(trained, sampler, wanted, count, path, terminal, cancellation);
            return 0;
        }));
        return command;
    }

    private static void Write(
        TrainedModel trained, Sampler sampler, ConditionText condition, int count, string path, ToolTerminal terminal, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int dimension = trained.Model.Dimension;
        using (var writer = new DelimitedWriter(path, Names(trained.Components is null ? trained.Input?.ToSelection() : null, dimension, trained.Components is null ? "x" : "component")))
        {
            using ProgressLine line = terminal.StartProgress();
            int block = Math.Max(1, BlockValues / dimension);
            for (int start = 0; start < count; start += block)
            {
                int rows = Math.Min(block, count - start), first = start;
                float[] points = sampler.Sample(condition.Condition, rows, first, null, cancellation);
                for (int i = 0; i < points.Length; i++)
                {
                    writer.Write(points[i]);
                    if ((i + 1) % dimension == 0)
                    {
                        writer.EndRow();
                    }
                }

                line.Report(() => ProgressLine.Describe(first + rows, count, "points", (first + rows) / clock.Elapsed.TotalSeconds));
            }

            writer.Complete();
        }

        terminal.Note($"{path}: {count:#,0} points{(condition.Text.Length == 0 ? string.Empty : $" of {condition.Text}")} in {ProgressLine.Duration(clock.Elapsed)}.");
    }

    private static IReadOnlyList<string> Names(PointSelection? selection, int dimension, string name) =>
        selection?.Columns is { } columns && columns.Count == dimension
            ? columns
            : [.. Enumerable.Range(1, dimension).Select(j => $"{selection?.Representation ?? name}_{j}")];
}
