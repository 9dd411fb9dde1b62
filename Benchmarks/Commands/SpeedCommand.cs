using System.CommandLine;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Speed;
using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>
/// <c>speed</c>: how fast the backend is against what the machine can do (cases of <see cref="SpeedCatalog"/>), and its services to the scripts
/// in Peers: cases on request, a trained model for another program, and our solve of that.
/// </summary>
internal sealed class SpeedCommand
{
    private readonly Option<int> threads = new("--threads") { Description = "Threads; 0 for one per processor." };
    private readonly Option<string?> cases = new("--cases") { Description = "Only cases whose names contain one of these comma-separated parts." };
    private readonly Option<double> seconds = new("--seconds") { Description = "Budget per case.", DefaultValueFactory = _ => 0.5 };
    private readonly Option<bool> serve = new("--serve") { Description = "Run cases on request: lines 'NAME REPETITIONS' in, lines of milliseconds out." };
    private readonly Option<DirectoryInfo?> export = new("--export") { Description = "Train a Gaussian model and write it to this folder, with test points." };
    private readonly Option<int> dimension = new("--dim") { Description = "Dimension, with --export.", DefaultValueFactory = _ => SpeedNetwork.Dimension };
    private readonly Option<int> width = new("--width") { Description = "Width of the heads, with --export.", DefaultValueFactory = _ => 256 };
    private readonly Option<int> steps = new("--train-steps") { Description = "Training steps, with --export.", DefaultValueFactory = _ => 3000 };
    private readonly Option<int> points = new("--points") { Description = "Test points, with --export.", DefaultValueFactory = _ => 10_000 };
    private readonly Option<DirectoryInfo?> solve = new("--solve") { Description = "Solve the points of an exported folder with every method's defaults." };
    private readonly Option<int> chunks = new("--reference-chunks") { Description = "With --solve, also chunks of 1,000 points by the published procedure." };
    private readonly Option<FileInfo?> json = new("--json") { Description = "Write the result to this file." };

    public static Command Create()
    {
        var speed = new SpeedCommand();
        var command = new Command(
            "speed",
            "Times products, epilogues, a head, training steps, log-ratio evaluations and whole solves against the measured arithmetic limit.");
        foreach (Option option in (Option[])
                 [
                     speed.threads, speed.cases, speed.seconds, speed.serve, speed.export, speed.dimension, speed.width, speed.steps,
                     speed.points, speed.solve, speed.chunks, speed.json,
                 ])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () => speed.Run(parsed, cancellation))));
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellation)
    {
        int wanted = CommandOptions.AtLeast(parsed, threads, 0);
        int count = wanted == 0 ? Environment.ProcessorCount : wanted;
        FileInfo? output = FlowArguments.OutputFile(parsed, json);
        if (parsed.GetValue(serve))
        {
            SpeedServer.Run(new SpeedCatalog(count), Console.In, Console.Out, cancellation);
        }
        else if (parsed.GetValue(export) is { } target)
        {
            Export(parsed, target, cancellation);
        }
        else if (parsed.GetValue(solve) is { } source)
        {
            Solve(parsed, source, count, output, cancellation);
        }
        else
        {
            Measure(parsed, count, output, cancellation);
        }
    }

    private void Measure(ParseResult parsed, int count, FileInfo? output, CancellationToken cancellation)
    {
        double budget = parsed.GetValue(seconds);
        if (!(budget > 0) || !double.IsFinite(budget))
        {
            throw new ArgumentException($"--seconds is {budget}; a positive number is needed.");
        }

        // Plain lines: a progress bar has a thread of its own, which would run (and allocate) beside what is measured.
        var catalog = new SpeedCatalog(count);
        IReadOnlyList<SpeedEntry> entries = catalog.Select(parsed.GetValue(cases));
        int done = 0;
        SpeedReport report = SpeedRun.Measure(
            catalog,
            entries,
            budget,
            (name, milliseconds) => Console.WriteLine($"[{++done}/{entries.Count}] {name}: {milliseconds:F3} ms"),
            cancellation);
        SpeedTable.Print(report);
        if (output is not null)
        {
            JsonFile.Write(output.FullName, report);
        }
    }

    private void Export(ParseResult parsed, DirectoryInfo folder, CancellationToken cancellation)
    {
        int d = CommandOptions.AtLeast(parsed, dimension, 1), hidden = CommandOptions.AtLeast(parsed, width, 1);
        int trainSteps = CommandOptions.AtLeast(parsed, steps, 1), testPoints = CommandOptions.AtLeast(parsed, points, 2);
        ExportedTask task = ProgressDisplay.Run(
            createBar => ExportedTask.Train(d, hidden, trainSteps, testPoints, createBar("training"), cancellation));
        task.Write(folder.FullName);
    }

    private void Solve(ParseResult parsed, DirectoryInfo folder, int count, FileInfo? output, CancellationToken cancellation)
    {
        int published = CommandOptions.AtLeast(parsed, chunks, 0);
        if (!folder.Exists)
        {
            throw new ArgumentException($"--solve: the folder {folder.FullName} does not exist.");
        }

        ExportedTask task = ExportedTask.Read(folder.FullName);
        int most = (task.Truth.Length + ExportedSolve.ChunkPoints - 1) / ExportedSolve.ChunkPoints;
        if (published > most)
        {
            throw new ArgumentException($"--reference-chunks is {published}; there are {most} chunks of {ExportedSolve.ChunkPoints} points.");
        }

        using var backend = new CpuBackend(count);
        List<SolveReport> reports = [];

        void Add(SolveReport report)
        {
            reports.Add(report);
            Console.WriteLine(
                $"{report.Name}: {report.Points} points in {report.Seconds:F2} s, {report.Evaluations:F0} evaluations, "
                + $"MSE {report.Mse:F4} ± {report.StdError:F4}");
        }

        foreach (SolveReport report in ExportedSolve.Ours(task, backend, cancellation))
        {
            Add(report);
        }

        if (published > 0)
        {
            Add(ExportedSolve.Published(task, published, backend, cancellation));
        }

        if (output is not null)
        {
            JsonFile.Write(
                output.FullName,
                new { experiment = "solve", machine = MachineReport.Detect(backend), threads = count, methods = reports });
        }
    }
}
