using System.CommandLine;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Speed;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>speed</c>: how fast the backend is against what the machine can do; the cases are those of <see cref="SpeedCatalog"/>.</summary>
internal static class SpeedCommand
{
    private const double DefaultSeconds = 0.5;

    public static Command Create()
    {
        var command = new Command(
            "speed",
            "Times products, epilogues, a head, training steps, log-ratio evaluations and whole solves against the measured arithmetic limit.");
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for one per processor.", DefaultValueFactory = _ => 0 };
        var cases = new Option<string?>("--cases") { Description = "Only cases whose names contain one of these comma-separated parts." };
        var seconds = new Option<double>("--seconds") { Description = "Budget per case.", DefaultValueFactory = _ => DefaultSeconds };
        var serve = new Option<bool>("--serve") { Description = "Run cases on request: lines 'NAME REPETITIONS' in, lines of milliseconds out." };
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file." };
        foreach (Option option in (Option[])[threads, cases, seconds, serve, json])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(() =>
        {
            int count = FlowArguments.AtLeast(parsed, threads, 0);
            var catalog = new SpeedCatalog(count == 0 ? Environment.ProcessorCount : count);
            FileInfo? output = FlowArguments.OutputFile(parsed, json);
            if (parsed.GetValue(serve))
            {
                SpeedServer.Run(catalog, Console.In, Console.Out, cancellation);
                return;
            }

            double budget = parsed.GetValue(seconds);
            if (!(budget > 0) || !double.IsFinite(budget))
            {
                throw new ArgumentException($"--seconds is {budget}; a positive number is needed.");
            }

            // Plain lines: a progress bar has a thread of its own, which would run (and allocate) beside what is measured.
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
        })));
        return command;
    }
}
