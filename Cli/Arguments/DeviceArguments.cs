using System.CommandLine;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Kernels;

namespace FlowRatio.Cli.Arguments;

/// <summary>Where to compute.</summary>
internal sealed class DeviceArguments
{
    private const string CpuDevice = "cpu";
    private static readonly string Devices = string.Join(", ", [CpuDevice, .. DeviceCatalog.Names]);
    private readonly Option<string> device = CommandOptions.Word("--device", CpuDevice, $"Where to compute: {Devices}.");
    private readonly Option<int> gpu = CommandOptions.Number("--gpu", 0, "Number of the NVIDIA card, with --device cuda.");
    private readonly Option<int> threads = CommandOptions.Number("--threads", 0, "Threads; 0 for one per processor.");

    public DeviceArguments(Command command)
    {
        device.CompletionSources.Add([CpuDevice, .. DeviceCatalog.Names]);
        command.Options.Add(device);
        command.Options.Add(gpu);
        command.Options.Add(threads);
    }

    public ComputeBackend Create(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(device);
        return name == CpuDevice ? new CpuBackend(CommandOptions.AtLeast(parsed, threads, 0))
            : DeviceCatalog.Names.Contains(name) ? DeviceCatalog.Open(name, CommandOptions.AtLeast(parsed, gpu, 0))
            : throw new ArgumentException($"--device: '{name}' is unknown; there are: {Devices}.");
    }
}
