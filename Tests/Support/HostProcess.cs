using System.Diagnostics;

namespace FlowRatio.Tests.Support;

/// <summary>The test assembly as a program (<see cref="TestHost"/>), with limits of the operating system where it has them.</summary>
public static class HostProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="limits">Commands of a shell before it, such as <c>ulimit -f 100</c>; only on Unix.</param>
    /// <param name="arguments">Arguments.</param>
    public static Process Start(string? limits, params IEnumerable<string> arguments)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "FlowRatio.Tests.dll");
        ProcessStartInfo start = limits is null
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo("bash", ["-c", $"{limits}; exec dotnet \"$@\"", "bash", program, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        // Not to stumble over the limits itself: the runtime reserves much memory, and maps code from a large unnamed file.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x30000000";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }
}
