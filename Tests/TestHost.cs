using FlowRatio.Tests.Cli;
using FlowRatio.Tests.Fuzzing;

namespace FlowRatio.Tests;

/// <summary>
/// What the test assembly does when it is run as a program: work that a test wants in a process of its own, because it may be killed, run out of
/// disk, or crash in a native library.
/// </summary>
internal static class TestHost
{
    private static int Main(string[] arguments) => arguments switch
    {
        ["fuzz", var source, var first, var count, var folder] => FuzzHost.Run(source, int.Parse(first), int.Parse(count), folder),
        ["write", var kind, var path, var rounds] => WriterHost.Run(kind, path, int.Parse(rounds)),
        ["loads", .. var words] => Loads(words),
        _ => 0,
    };

    /// <summary>Runs the tool, then says which assemblies of drivers and kernels that has loaded.</summary>
    private static int Loads(string[] words)
    {
        int code = ToolRun.Of(words).ExitCode;
        Console.WriteLine(string.Join(
            ' ', AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!).Where(name => name.StartsWith("ILGPU", StringComparison.Ordinal))));
        return code;
    }
}
