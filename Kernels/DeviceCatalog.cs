using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels;

/// <summary>The devices that kernels run on, by name; executables choose one with <c>--device</c>.</summary>
public static class DeviceCatalog
{
    /// <summary>An NVIDIA card.</summary>
    public const string Cuda = "cuda";

    /// <summary>ILGPU's processor accelerator: slow, for tests of what ILGPU makes of the kernels.</summary>
    public const string IlgpuCpu = "ilgpu-cpu";

    /// <summary>The emulation of builds without ILGPU: slow, for tests of the kernels.</summary>
    public const string Emulated = "emulated";

    /// <summary>All names, whether this build has the device or not.</summary>
    public static IReadOnlyList<string> Names { get; } = [Cuda, IlgpuCpu, Emulated];

    /// <summary>Names of the ways to multiply; executables choose one with <c>--precision</c>.</summary>
    public static IReadOnlyDictionary<ProductPrecision, string> PrecisionNames { get; } = new Dictionary<ProductPrecision, string>
    {
        [ProductPrecision.Fp32] = "fp32",
        [ProductPrecision.Tf32] = "tf32",
        [ProductPrecision.ThreeTf32] = "3xtf32",
        [ProductPrecision.Portable] = "portable",
    };

    /// <summary>Whether repeated launches become graphs; executables choose with <c>--graphs</c>.</summary>
    public static IReadOnlyDictionary<string, bool> GraphNames { get; } = new Dictionary<string, bool> { ["on"] = true, ["off"] = false };

    /// <summary>Names of those that this build and this machine have.</summary>
    public static IReadOnlyList<string> Available => BuiltInDevices.Available;

    /// <summary>Opens a device as a backend.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="gpu">Number of the card, from 0, for <see cref="Cuda"/>.</param>
    /// <param name="precision">How a card multiplies.</param>
    /// <param name="graphs">
    /// Whether launches that repeat, a training step or a solver's, are submitted as one graph from the third time on. Results are the same bits;
    /// without graphs nothing is asked of a driver but launches.
    /// </param>
    /// <exception cref="ArgumentException">Unknown name.</exception>
    /// <exception cref="DeviceUnavailableException">This machine or build does not have the device, or the card no tensor cores for TF32.</exception>
    public static ComputeBackend Open(string name, int gpu = 0, ProductPrecision precision = ProductPrecision.Fp32, bool graphs = true)
    {
        if (!Names.Contains(name))
        {
            throw new ArgumentException($"The device '{name}' is unknown; there are: {string.Join(", ", Names)}.");
        }

        Device device = BuiltInDevices.Open(name, gpu);
        if (!device.RunsProducts && precision is ProductPrecision.Tf32 or ProductPrecision.ThreeTf32)
        {
            string description = device.Description;
            device.Dispose();
            throw new DeviceUnavailableException(
                $"--precision {PrecisionNames[precision]} needs tensor cores (an NVIDIA card of compute capability 8.0 or later); "
                + $"'{name}' has none ({description}). Leave the option out, or choose fp32.");
        }

        device.KeepsGraphs = graphs;
        return new DeviceBackend(device, precision);
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
        : throw new ArgumentException($"--graphs is '{name}'; there are: {string.Join(", ", GraphNames.Keys)}.");

    /// <summary>Product, driver and memory of a backend that <see cref="Open"/> made, for people; null for other backends.</summary>
    /// <param name="backend">The backend.</param>
    public static string? Describe(ComputeBackend backend) => (backend as DeviceBackend)?.Device.Description;
}
