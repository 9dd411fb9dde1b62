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
    private readonly Option<string> precision = CommandOptions.Word(
        "--precision", "fp32", $"How an NVIDIA card multiplies: {string.Join(", ", DeviceCatalog.PrecisionNames.Values)}.");

    private readonly Option<string> graphs = CommandOptions.Word("--graphs", "on", "Submit repeated launches on an NVIDIA card as one graph: on, off.");
    private readonly Option<int> threads = CommandOptions.Number("--threads", 0, "Threads; 0 for one per processor.");

    public DeviceArguments(Command command)
    {
        device.CompletionSources.Add([CpuDevice, .. DeviceCatalog.Names]);
        command.Options.Add(device);
        command.Options.Add(gpu);
        precision.CompletionSources.Add([.. DeviceCatalog.PrecisionNames.Values]);
        graphs.CompletionSources.Add([.. DeviceCatalog.GraphNames.Keys]);
        command.Options.Add(precision);
        command.Options.Add(graphs);
        command.Options.Add(threads);
    }

    /// <summary>Threads of work that is done on the processor wherever the rest is; 0 for one per processor.</summary>
    public int Threads(ParseResult parsed) => CommandOptions.AtLeast(parsed, threads, 0);

    public ComputeBackend Create(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(device);
        ProductPrecision mode = DeviceCatalog.Precision(parsed.GetRequiredValue(precision));
        bool keepsGraphs = DeviceCatalog.Graphs(parsed.GetRequiredValue(graphs));
        if (name == CpuDevice && mode is not (ProductPrecision.Fp32 or ProductPrecision.Portable))
        {
            throw new ArgumentException($"--precision {parsed.GetValue(precision)} needs --device cuda; the CPU multiplies in float32.");
        }

        return name == CpuDevice ? new CpuBackend(CommandOptions.AtLeast(parsed, threads, 0))
            : DeviceCatalog.Names.Contains(name) ? DeviceCatalog.Open(name, CommandOptions.AtLeast(parsed, gpu, 0), mode, keepsGraphs)
            : throw new ArgumentException($"--device: '{name}' is unknown; there are: {Devices}.");
    }
}
