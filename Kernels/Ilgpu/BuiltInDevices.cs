using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>The devices of a build with ILGPU.</summary>
internal static class BuiltInDevices
{
    /// <summary>Those that this machine has.</summary>
    public static IReadOnlyList<string> Available =>
        IlgpuDevice.HasCuda ? [DeviceCatalog.Cuda, DeviceCatalog.IlgpuCpu] : [DeviceCatalog.IlgpuCpu];

    /// <summary>Opens a device.</summary>
    /// <param name="name">A name of <see cref="DeviceCatalog"/>.</param>
    /// <param name="gpu">Number of the card.</param>
    /// <exception cref="DeviceUnavailableException">Not here.</exception>
    public static Device Open(string name, int gpu) => name switch
    {
        DeviceCatalog.Cuda => IlgpuDevice.Cuda(gpu),
        DeviceCatalog.IlgpuCpu => IlgpuDevice.Cpu(),
        _ => throw new DeviceUnavailableException(
            $"'{name}' is not in this build, which has the kernels compiled by ILGPU; build with -p:Gpu=false for it."),
    };
}
