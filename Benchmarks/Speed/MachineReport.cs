using System.Runtime.InteropServices;
using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>Where numbers were measured.</summary>
/// <param name="Cpu">Name of the processor, as far as the system tells.</param>
/// <param name="Cores">Processors that the program may use.</param>
/// <param name="InstructionSet">Instruction set of the kernels.</param>
/// <param name="Runtime">.NET runtime.</param>
/// <param name="System">Operating system.</param>
internal sealed record MachineReport(string Cpu, int Cores, string InstructionSet, string Runtime, string System)
{
    /// <summary>This machine.</summary>
    public static MachineReport Detect(CpuBackend backend) => new(
        CpuName(),
        Environment.ProcessorCount,
        backend.InstructionSet,
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}");

    private static string CpuName()
    {
        const string linux = "/proc/cpuinfo";
        string? line = File.Exists(linux)
            ? File.ReadLines(linux).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[^1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
