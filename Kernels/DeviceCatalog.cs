using System.Globalization;
using System.Runtime.CompilerServices;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels;

/// <summary>
/// The devices to compute on, by name; executables choose one with <c>--device</c>. What a machine has is found when it is asked for:
/// ILGPU and drivers are loaded with the first device that needs them.
/// </summary>
public static class DeviceCatalog
{
    /// <summary>The processor, by SIMD kernels.</summary>
    public const string Cpu = "cpu";

    /// <summary>An NVIDIA card.</summary>
    public const string Cuda = "cuda";

    /// <summary>A device of an OpenCL driver with a generic address space and float64: cards of AMD and Intel, processors by pocl.</summary>
    public const string OpenCl = "opencl";

    /// <summary>ILGPU's processor accelerator: slow, for debugging kernels.</summary>
    public const string IlgpuCpu = "ilgpu-cpu";

    /// <summary>A card where there is one and the work is worth its start, else <see cref="Cpu"/>.</summary>
    public const string Auto = "auto";

    /// <summary>What names look like, for help and messages.</summary>
    public const string Syntax = "cpu, cuda[:n], opencl[:n], ilgpu-cpu, auto";

    // A card's driver compiles some fifty kernels before the first step; a processor core computes tens of GFLOP in each second of that.
    private const double SecondsOfStart = 20;
    private const double CoreFlops = 3e10;

    /// <summary>All kinds, whether this machine has them or not.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Cpu, Cuda, OpenCl, IlgpuCpu, Auto];

    /// <summary>Names of the ways to multiply.</summary>
    public static IReadOnlyDictionary<ProductPrecision, string> PrecisionNames { get; } = new Dictionary<ProductPrecision, string>
    {
        [ProductPrecision.Fp32] = "fp32",
        [ProductPrecision.Tf32] = "tf32",
        [ProductPrecision.ThreeTf32] = "3xtf32",
        [ProductPrecision.Portable] = "portable",
    };

    /// <summary>Whether repeated launches become graphs, by name.</summary>
    public static IReadOnlyDictionary<string, bool> GraphNames { get; } = new Dictionary<string, bool> { ["on"] = true, ["off"] = false };

    /// <summary>All devices of this machine, the ones among them that cannot be used with the reason.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IReadOnlyList<DeviceEntry> List() => [ProcessorEntry(), .. Ilgpu.IlgpuDevices.List()];

    /// <summary>Opens a device as a backend.</summary>
    /// <param name="name">A name as in <see cref="Syntax"/>, but for <see cref="Auto"/>, which <see cref="Choose"/> resolves.</param>
    /// <param name="threads">Threads of <see cref="Cpu"/>; 0 for one per processor.</param>
    /// <param name="precision">How a card multiplies.</param>
    /// <param name="graphs">
    /// Whether launches that repeat, a training step or a solver's, are submitted as one graph from the third time on. Results are the same bits;
    /// without graphs nothing is asked of a driver but launches.
    /// </param>
    /// <exception cref="ArgumentException">Unknown name.</exception>
    /// <exception cref="DeviceUnavailableException">This machine does not have the device, or the device no tensor cores for TF32.</exception>
    public static ComputeBackend Open(
        string name, int threads = 0, ProductPrecision precision = ProductPrecision.Fp32, bool graphs = true)
    {
        DeviceName parsed = DeviceName.Parse(name);
        bool needsTensorCores = precision is ProductPrecision.Tf32 or ProductPrecision.ThreeTf32;
        if (needsTensorCores && parsed.Kind != Cuda)
        {
            throw new DeviceUnavailableException(
                $"Precision {PrecisionNames[precision]} needs the tensor cores of --device cuda; '{name}' multiplies in float32.");
        }

        return parsed.Kind == Cpu ? new CpuBackend(threads) : OpenDevice(parsed, precision, graphs);
    }

    /// <summary>The device that <see cref="Auto"/> is for some work.</summary>
    /// <param name="operations">Floating-point operations of the work, roughly; infinite where that is not known.</param>
    /// <returns>Its name, and why, as one sentence.</returns>
    public static (string Name, string Reason) Choose(double operations)
    {
        double seconds = operations / (CoreFlops * Environment.ProcessorCount);
        if (seconds < SecondsOfStart)
        {
            return (Cpu, string.Create(
                CultureInfo.InvariantCulture, $"Device: cpu, since this work takes it about {Math.Max(1, seconds):0} s, which a card's start is not worth."));
        }

        return List().FirstOrDefault(entry => entry.IsCard && entry.Refusal is null) is { } card
            ? (card.Name, $"Device: {card.Name} ({card.Product}).")
            : (Cpu, "Device: cpu, since there is no card that can be used ('flowratio devices' lists what there is).");
    }

    /// <summary>The way to multiply of a name.</summary>
    /// <param name="name">A value of <see cref="PrecisionNames"/>.</param>
    /// <exception cref="ArgumentException">Unknown name.</exception>
    public static ProductPrecision Precision(string name)
    {
        foreach ((ProductPrecision precision, string known) in PrecisionNames)
        {
            if (known == name)
            {
                return precision;
            }
        }

        throw new ArgumentException($"The precision '{name}' is unknown; there are: {string.Join(", ", PrecisionNames.Values)}.");
    }

    /// <summary>Whether repeated launches become graphs.</summary>
    /// <param name="name">A value of <see cref="GraphNames"/>.</param>
    /// <exception cref="ArgumentException">Unknown name.</exception>
    public static bool Graphs(string name) => GraphNames.TryGetValue(name, out bool graphs)
        ? graphs
        : throw new ArgumentException($"Graphs are '{name}'; there are: {string.Join(", ", GraphNames.Keys)}.");

    /// <summary>Product, driver and memory of a backend that <see cref="Open"/> made, for people; null for other backends.</summary>
    /// <param name="backend">The backend.</param>
    public static string? Describe(ComputeBackend backend) => (backend as DeviceBackend)?.Device.Description;

    // Apart, so that nothing of ILGPU is loaded before it is called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DeviceBackend OpenDevice(DeviceName name, ProductPrecision precision, bool graphs)
    {
        Device device = Ilgpu.IlgpuDevices.Open(name);
        if (!device.RunsProducts && precision is ProductPrecision.Tf32 or ProductPrecision.ThreeTf32)
        {
            string description = device.Description;
            device.Dispose();
            throw new DeviceUnavailableException(
                $"Precision {PrecisionNames[precision]} needs tensor cores (an NVIDIA card of compute capability 8.0 or later); "
                + $"'{name}' has none ({description}). Leave it out, or choose fp32.");
        }

        device.KeepsGraphs = graphs;
        return new DeviceBackend(device, precision);
    }

    private static DeviceEntry ProcessorEntry()
    {
        using var backend = new CpuBackend(threads: 1);
        return new DeviceEntry(
            Cpu,
            $"{Environment.ProcessorCount} processors",
            backend.InstructionSet,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }
}
