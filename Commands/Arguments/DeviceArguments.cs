using System.CommandLine;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels;

namespace FlowRatio.Commands.Arguments;

/// <summary>
/// Where to compute. How a card multiplies and whether its launches become graphs are for experts: the variables <see cref="PrecisionVariable"/> and
/// <see cref="GraphsVariable"/> (docs/gpu.md).
/// </summary>
internal sealed class DeviceArguments
{
    /// <summary>A name of <see cref="DeviceCatalog.PrecisionNames"/>.</summary>
    public const string PrecisionVariable = "FLOWRATIO_PRECISION";

    /// <summary>A name of <see cref="DeviceCatalog.GraphNames"/>.</summary>
    public const string GraphsVariable = "FLOWRATIO_GRAPHS";

    private readonly Option<string> device = CommandOptions.Word("--device", DeviceCatalog.Cpu, $"Where to compute: {DeviceCatalog.Syntax}.");
    private readonly Option<int> threads = CommandOptions.Number("--threads", 0, "Threads of the processor; 0 for one per core.");

    public DeviceArguments() => device.CompletionSources.Add([.. DeviceCatalog.Kinds]);

    public DeviceArguments(Command command)
        : this()
    {
        foreach (Option option in Options)
        {
            command.Options.Add(option);
        }
    }

    public IReadOnlyList<Option> Options => [device, threads];

    /// <summary>Threads of work that is done on the processor wherever the rest is; 0 for one per processor.</summary>
    public int Threads(ParseResult parsed) => CommandOptions.AtLeast(parsed, threads, 0);

    /// <summary>Opens the device.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="operations">Floating-point operations of the work, roughly (<see cref="WorkEstimate"/>): what auto decides by.</param>
    public ComputeBackend Create(ParseResult parsed, double operations)
    {
        string name = parsed.GetRequiredValue(device);
        int count = Threads(parsed);
        ProductPrecision precision = Read(PrecisionVariable, DeviceCatalog.Precision) ?? ProductPrecision.Fp32;
        bool graphs = Read(GraphsVariable, DeviceCatalog.Graphs) ?? true;
        if (name == DeviceCatalog.Auto)
        {
            (name, string reason) = DeviceCatalog.Choose(operations);
            parsed.InvocationConfiguration.Error.WriteLine(reason);
        }

        return DeviceCatalog.Open(name, count, precision, graphs);
    }

    private static T? Read<T>(string variable, Func<string, T> parse)
        where T : struct
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        try
        {
            return string.IsNullOrEmpty(text) ? null : parse(text);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"{variable}: {error.Message}", error);
        }
    }
}
