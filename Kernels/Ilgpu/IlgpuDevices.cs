using FlowRatio.Kernels.Devices;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>The devices that ILGPU finds on this machine.</summary>
internal static class IlgpuDevices
{
    private const int WarpSize = 32;

    /// <summary>All of them; the ones that kernels cannot run on say why.</summary>
    public static IReadOnlyList<DeviceEntry> List()
    {
        List<DeviceEntry> entries = [];
        using (Context? context = TryCreate(builder => builder.Cuda()))
        {
            for (int i = 0; context is not null && i < context.GetCudaDevices().Count; i++)
            {
                CudaDevice device = context.GetCudaDevice(i);
                entries.Add(new DeviceEntry(
                    $"{DeviceCatalog.Cuda}:{i}",
                    $"{device.Name}, CUDA driver {device.DriverVersion}",
                    $"compute capability {device.Architecture}",
                    device.MemorySize,
                    IsCard: true));
            }
        }

        using (Context? context = TryCreate(builder => builder.OpenCL(_ => true)))
        {
            int number = 0;
            for (int i = 0; context is not null && i < context.GetCLDevices().Count; i++)
            {
                CLDevice device = context.GetCLDevice(i);
                string? refusal = Refusal(device);
                entries.Add(new DeviceEntry(
                    refusal is null ? $"{DeviceCatalog.OpenCl}:{number++}" : DeviceCatalog.OpenCl,
                    $"{device.Name}, {device.PlatformName}",
                    $"OpenCL {device.DeviceVersion.Major}.{device.DeviceVersion.Minor}",
                    device.MemorySize,
                    refusal,
                    IsCard: device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU)));
            }
        }

        entries.Add(new DeviceEntry(
            DeviceCatalog.IlgpuCpu, "ILGPU's processor accelerator", "slow, for debugging kernels", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        return entries;
    }

    /// <summary>Opens a device.</summary>
    /// <exception cref="DeviceUnavailableException">Not here.</exception>
    public static IlgpuDevice Open(DeviceName name) => name.Kind switch
    {
        DeviceCatalog.Cuda => OpenCuda(name.Number),
        DeviceCatalog.OpenCl => OpenCl(name.Number),
        DeviceCatalog.IlgpuCpu => OpenProcessor(),
        _ => throw new ArgumentException($"'{name}' is no device of ILGPU.", nameof(name)),
    };

    private static IlgpuDevice OpenCuda(int number)
    {
        Context context = TryCreate(builder => builder.Cuda())
            ?? throw new DeviceUnavailableException("No NVIDIA driver answers; install it, or choose --device cpu.");
        int count = context.GetCudaDevices().Count;
        if (number >= count)
        {
            context.Dispose();
            throw new DeviceUnavailableException(count == 0
                ? "No NVIDIA card was found that ILGPU can use; check with nvidia-smi, or choose --device cpu."
                : Missing(DeviceCatalog.Cuda, number, count));
        }

        CudaDevice device = context.GetCudaDevice(number);
        CudaAccelerator accelerator = device.CreateCudaAccelerator(context);
        string description = $"{accelerator.Name}, compute capability {device.Architecture}, CUDA driver {device.DriverVersion}, "
            + $"{accelerator.MemorySize >> 20} MiB, {accelerator.NumMultiprocessors} multiprocessors";
        return new IlgpuDevice(DeviceCatalog.Cuda, description, context, accelerator);
    }

    private static IlgpuDevice OpenCl(int number)
    {
        Context context = TryCreate(builder => builder.OpenCL(device => Refusal(device) is null))
            ?? throw new DeviceUnavailableException(
                "No OpenCL driver answers; install the one of your card (or pocl, for the processor), or choose --device cpu.");
        int count = context.GetCLDevices().Count;
        if (number >= count)
        {
            context.Dispose();
            throw new DeviceUnavailableException(count == 0
                ? "No OpenCL device was found that kernels can run on ('flowratio devices' says what is missing); choose --device cpu."
                : Missing(DeviceCatalog.OpenCl, number, count));
        }

        CLDevice device = context.GetCLDevice(number);
        CLAccelerator accelerator = device.CreateCLAccelerator(context);
        string description = $"{accelerator.Name}, {device.PlatformName}, OpenCL {device.DeviceVersion.Major}.{device.DeviceVersion.Minor}, "
            + $"{accelerator.MemorySize >> 20} MiB, {accelerator.NumMultiprocessors} multiprocessors";
        return new IlgpuDevice(DeviceCatalog.OpenCl, description, context, accelerator);
    }

    private static IlgpuDevice OpenProcessor()
    {
        // Eight warps on one multiprocessor: as many threads as the largest groups have.
        var device = new CPUDevice(WarpSize, LaunchShape.ElementThreads / WarpSize, 1);
        Context context = Context.Create(builder => builder.CPU(device));
        return new IlgpuDevice(
            DeviceCatalog.IlgpuCpu, "ILGPU's processor accelerator (for debugging)", context, device.CreateAccelerator(context));
    }

    /// <summary>Why kernels cannot run on a device; null where they can.</summary>
    private static string? Refusal(CLDevice device) =>
        !device.Capabilities.GenericAddressSpace ? "it has no generic address space"
        : !device.Capabilities.Float64 ? "it has no float64"
        : device.MaxNumThreadsPerGroup < LaunchShape.ElementThreads ? $"its groups have at most {device.MaxNumThreadsPerGroup} threads"
        : null;

    private static string Missing(string kind, int number, int count) =>
        $"There is no {kind}:{number}; the last one is {kind}:{count - 1}. Choose that or --device cpu ('flowratio devices' lists all).";

    private static Context? TryCreate(Action<Context.Builder> choose)
    {
        DriverLibraries.Register();
        try
        {
            return Context.Create(builder => choose(builder));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or NotSupportedException or AcceleratorException)
        {
            return null;
        }
    }
}
