using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Speed.Gpu;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>gpu --speed</c>: measures instead of checking.</summary>
internal sealed class GpuSpeedArguments
{
    private static readonly GpuSpeedOptions Defaults = new();
    private readonly Option<bool> speed = new("--speed") { Description = "Measure: ceilings, products, training steps, evaluations, solves, points scored in blocks, one published cell." };
    private readonly Option<string?> precisions = new("--precisions") { Description = "With --speed, comma-separated ways to multiply; all that the card has." };
    private readonly Option<string?> cases = new("--cases") { Description = "With --speed, only cases whose names contain one of these comma-separated parts (the published cell is 'paper')." };
    private readonly Option<string> rows = Numbers("--rows", Defaults.Rows, "With --speed, rows of the products.");
    private readonly Option<string> widths = Numbers("--widths", Defaults.Widths, "With --speed, widths of the heads; products and solves take the first.");
    private readonly Option<string> solvePoints = Numbers("--solve-points", Defaults.SolvePoints, "With --speed, points of whole solves.");
    private readonly Option<string> scorePoints = Numbers("--score-points", Defaults.ScorePoints, "With --speed, points scored in blocks.");
    private readonly Option<int> solverSteps = CommandOptions.Number("--solver-steps", Defaults.SolverSteps, "With --speed, steps of solves, scores and the published cell.");
    private readonly Option<int> scoreBlock = CommandOptions.Number("--score-block", Defaults.ScoreBlock, "With --speed, points per such block.");
    private readonly Option<int> paperPoints = CommandOptions.Number("--paper-points", Defaults.PaperPoints, "With --speed, test points of the published cell.");
    private readonly Option<int> limit = CommandOptions.Number("--limit", 0, "With --speed, begin no case after so many seconds; 0 for no limit.");
    private readonly Option<bool> resume = new("--resume") { Description = "With --speed, keep what is in the file of --json, if it is from this device, and measure the rest." };
    private readonly Option<int> evaluationPoints = CommandOptions.Number("--evaluation-points", Defaults.EvaluationPoints, "With --speed, points of one evaluation.");
    private readonly Option<int> paperSteps = CommandOptions.Number("--paper-steps", Defaults.PaperSteps, "With --speed, training steps of the published cell (100000 there); 0 for none.");
    private readonly Option<double> seconds = CommandOptions.Real("--seconds", Defaults.Seconds, "With --speed, budget per case.");
    private readonly Option<int> megabytes = CommandOptions.Number("--megabytes", (int)(Defaults.Bytes >> 20), "With --speed, memory to copy and to rotate buffers through, in MiB.");
    private readonly Option<int> groups = CommandOptions.Number("--ceiling-groups", Defaults.CeilingGroups, "With --speed, groups of 256 threads of the multiply-add ceiling.");

    /// <summary>Adds the options to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
                 [
                     speed, precisions, cases, rows, widths, solvePoints, solverSteps, scorePoints, scoreBlock, evaluationPoints, paperSteps, paperPoints,
                     seconds, limit, resume, megabytes, groups,
                 ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the command is to measure.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(speed);

    /// <summary>Measures, prints and writes.</summary>
    public void Run(ParseResult parsed, string device, bool graphs, int batch, FileInfo? output, CancellationToken cancellation)
    {
        double budget = parsed.GetValue(seconds);
        if (!(budget > 0) || !double.IsFinite(budget))
        {
            throw new ArgumentException($"--seconds is {budget}; a positive number is needed.");
        }

        int iterations = Defaults.CeilingIterations, groupCount = CommandOptions.AtLeast(parsed, groups, 1);
        var options = new GpuSpeedOptions
        {
            Rows = Parse(parsed, rows),
            Widths = Parse(parsed, widths),
            SolvePoints = Parse(parsed, solvePoints),
            SolverSteps = CommandOptions.AtLeast(parsed, solverSteps, 1),
            ScorePoints = Parse(parsed, scorePoints),
            ScoreBlock = CommandOptions.AtLeast(parsed, scoreBlock, 1),
            Batch = batch,
            Graphs = graphs,
            EvaluationPoints = CommandOptions.AtLeast(parsed, evaluationPoints, 1),
            PaperSteps = CommandOptions.AtLeast(parsed, paperSteps, 0),
            PaperPoints = CommandOptions.AtLeast(parsed, paperPoints, 1),
            Limit = CommandOptions.AtLeast(parsed, limit, 0) is > 0 and int most ? most : double.PositiveInfinity,
            Cases = [.. (parsed.GetValue(cases) ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Seconds = budget,
            Bytes = (long)CommandOptions.AtLeast(parsed, megabytes, 1) << 20,
            CeilingGroups = groupCount,

            // A few groups are for devices that are slow.
            CeilingIterations = groupCount < Defaults.CeilingGroups ? Math.Max(1, iterations * groupCount / Defaults.CeilingGroups) : iterations,
        };
        IReadOnlyList<ProductPrecision>? wanted = parsed.GetValue(precisions) is { } names
            ? [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(DeviceCatalog.Precision)]
            : null;
        GpuSpeedReport? earlier = Earlier(parsed, output);
        void Save(GpuSpeedReport report)
        {
            if (output is not null)
            {
                JsonFile.Write(output.FullName, report);
            }
        }

        GpuSpeedReport report = new GpuSpeedRun(device, options, Print, Save, cancellation).Run(wanted, earlier);
        Console.WriteLine($"{report.Device}: {report.Description}. Copy {report.CopyGbps:F0} GB/s, float32 {report.Fp32Tflops:F3} TFLOP/s.");
        foreach ((string precision, ExperimentReport cell) in report.Paper)
        {
            Console.WriteLine(
                $"[{precision}] gaussian --paper, d = 20, {cell.Train.Steps} steps: {cell.Train.Seconds:F1} s; "
                + string.Join(", ", cell.Methods.Select(method => $"{method.Name} MSE {method.Mse:F3} in {method.Seconds:F2} s")) + ".");
        }

        if (!report.IsComplete)
        {
            Console.WriteLine($"--limit {parsed.GetValue(limit)} came first: run again with --resume for the rest.");
        }
    }

    private GpuSpeedReport? Earlier(ParseResult parsed, FileInfo? output)
    {
        if (!parsed.GetValue(resume))
        {
            return null;
        }

        if (output is null)
        {
            throw new ArgumentException("--resume needs --json, the file to go on with.");
        }

        try
        {
            return output.Exists ? JsonSerializer.Deserialize<GpuSpeedReport>(File.ReadAllText(output.FullName), JsonFile.Format) : null;
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"--resume: {output.FullName} is not a file of gpu --speed ({error.Message})", error);
        }
    }

    private static void Print(GpuSpeedRow row)
    {
        string rate = row.Tflops is { } tflops ? $", {tflops:F3} TFLOP/s ({row.Fp32Share:P0} of the float32 ceiling)" : string.Empty;
        Console.WriteLine(
            $"[{row.Precision}] {row.Name}: {row.MedianMs:G4} ms{rate}, {row.Launches:F0} launches in {row.Submissions:F0} submissions, "
            + $"{row.GraphLaunches:F0} of them graphs{(row.RefusedGraphs > 0 ? $" ({row.RefusedGraphs} refused)" : string.Empty)}, {row.DeviceMebibytes:F0} MiB");
    }

    private static Option<string> Numbers(string name, IReadOnlyList<int> values, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => string.Join(',', values) };

    private static int[] Parse(ParseResult parsed, Option<string> option)
    {
        string text = parsed.GetRequiredValue(option);
        int[] values = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int value) ? value : 0)];
        return values.Length > 0 && values.All(value => value > 0)
            ? values
            : throw new ArgumentException($"{option.Name} is '{text}'; comma-separated positive integers are needed.");
    }
}
