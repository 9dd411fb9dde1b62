using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Stability;
using FlowRatio.Engine.Compute.Cpu;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>stability</c>: trainings at the tool's defaults on awkward tables, every pair of settings among them; resumable.</summary>
internal static class StabilityCommand
{
    private const int DefaultCells = 200;

    public static Command Create()
    {
        var command = new Command(
            "stability", "Train at the tool's defaults on tables of many sizes and shapes, every pair of settings among them; resumes after any end.");
        Option<int> cells = CommandOptions.Number("--cells", DefaultCells, "Trainings; more where every pair of settings needs more.");
        var largest = new Option<int?>("--largest") { Description = "Leave out tables of more rows." };
        var budget = new Option<double?>("--budget") { Description = "Stop before the first training that begins after so many seconds; the same command goes on from there." };
        Option<int> threads = CommandOptions.Number("--threads", 0, "Threads; 0 for one per processor.");
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder of finished trainings and summary.json; run again with the same folder to go on.", DefaultValueFactory = _ => new DirectoryInfo("stability"),
        };
        foreach (Option option in (Option[])[cells, largest, budget, threads, output])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            StabilityCell[] chosen =
            [
                .. StabilityDesign.Choose(CommandOptions.AtLeast(parsed, cells, 1)).Where(cell => cell.Rows <= (parsed.GetValue(largest) ?? int.MaxValue)),
            ];
            using var backend = new CpuBackend(CommandOptions.AtLeast(parsed, threads, 0));
            Run(chosen, backend, parsed.GetRequiredValue(output).FullName, parsed.GetValue(budget) ?? double.PositiveInfinity, cancellation);
        })));
        return command;
    }

    private static void Run(StabilityCell[] cells, CpuBackend backend, string folder, double budget, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var clock = Stopwatch.StartNew();
        List<StabilityRow> rows = [];
        foreach ((int number, StabilityCell cell) in cells.Index())
        {
            string file = Path.Combine(folder, $"{cell.Name}.json");
            if (Find(file, cell) is { } finished)
            {
                rows.Add(finished);
                continue;
            }

            if (clock.Elapsed.TotalSeconds > budget)
            {
                AnsiConsole.MarkupLine(Markup.Escape($"The budget of {budget} seconds is spent: {rows.Count} of {cells.Length} trainings finished; the same command goes on."));
                break;
            }

            StabilityRow row = StabilityRun.Execute(cell, backend, cancellation: cancellation);
            JsonFile.Write(file, row);
            rows.Add(row);
            AnsiConsole.MarkupLine(Markup.Escape(
                $"{number + 1} of {cells.Length}, {cell.Name}: {row.Failure ?? $"{row.Steps} steps, {row.Restarts} restarts, worst rise {row.WorstExcess:0.000}, MSE {row.Mse:G3} (raw {row.RawMse:G3}, of 0 {row.MseOfZero:G3})"}, {row.Seconds:0} s"));
        }

        StabilityTable.Print(rows);
        foreach (StabilityRow row in rows.Where(row => !row.IsGood))
        {
            AnsiConsole.MarkupLine(Markup.Escape($"{row.Cell.Name}: {row.Failure ?? $"MSE {row.Mse:G3}, of 0 {row.MseOfZero:G3}, {row.NonFinite} rows without a log-ratio"}"));
        }

        JsonFile.Write(Path.Combine(folder, "summary.json"), rows);
    }

    private static StabilityRow? Find(string file, StabilityCell cell)
    {
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize<StabilityRow>(File.ReadAllText(file), JsonFile.Format) is { } row && row.Cell == cell ? row : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
