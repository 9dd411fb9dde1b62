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

    /// <summary>Names of those that this build and this machine have.</summary>
    public static IReadOnlyList<string> Available => BuiltInDevices.Available;

    /// <summary>Opens a device as a backend.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="gpu">Number of the card, from 0, for <see cref="Cuda"/>.</param>
    /// <exception cref="ArgumentException">Unknown name.</exception>
    /// <exception cref="DeviceUnavailableException">This machine or build does not have the device.</exception>
    public static ComputeBackend Open(string name, int gpu = 0)
    {
        if (!Names.Contains(name))
        {
            throw new ArgumentException($"The device '{name}' is unknown; there are: {string.Join(", ", Names)}.");
        }

        return new DeviceBackend(BuiltInDevices.Open(name, gpu));
    }

    /// <summary>Product, driver and memory of a backend that <see cref="Open"/> made, for people; null for other backends.</summary>
    /// <param name="backend">The backend.</param>
    public static string? Describe(ComputeBackend backend) => (backend as DeviceBackend)?.Device.Description;
}
