using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>micro</c>: BenchmarkDotNet on the classes in <c>Micro</c>; all arguments are its own.</summary>
internal static class MicroCommand
{
    public const string Name = "micro";

    /// <summary>Only for the list of commands: arguments go to BenchmarkDotNet unread (see <see cref="Run"/>).</summary>
    public static Command Create() => new(Name, "BenchmarkDotNet on the same cases as speed; passes its arguments on, such as --filter '*Head*' or --list flat.");

    /// <summary>Runs the classes that the arguments choose.</summary>
    public static int Run(string[] arguments)
    {
        // In this process: nothing is generated or built, so it also runs from a published folder and without a network.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default);
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments, config)];
        return Array.Exists(summaries, summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            ? CommandFailure.Failed
            : 0;
    }
}
