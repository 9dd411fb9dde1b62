using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Emulation;

/// <summary>The devices of a build without ILGPU.</summary>
internal static class BuiltInDevices
{
    /// <summary>Those that this machine has.</summary>
    public static IReadOnlyList<string> Available => [DeviceCatalog.Emulated];

    /// <summary>Opens a device.</summary>
    /// <param name="name">A name of <see cref="DeviceCatalog"/>.</param>
    /// <param name="gpu">Number of the card; not used here.</param>
    /// <exception cref="DeviceUnavailableException">Not here.</exception>
    public static Device Open(string name, int gpu) => name == DeviceCatalog.Emulated
        ? new EmulatedDevice()
        : throw new DeviceUnavailableException(
            $"'{name}' is not in this build, which was made on a machine without an NVIDIA driver; "
            + "build with -p:Gpu=true (it needs the ILGPU package), or choose --device cpu.");
}
