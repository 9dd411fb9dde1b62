using System.Runtime.CompilerServices;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>A device by way of ILGPU: an NVIDIA card, or ILGPU's own processor accelerator. One stream, not the default one.</summary>
internal sealed class IlgpuDevice : Devices.Device
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly Dictionary<Type, Delegate> launchers = [];
    private readonly CudaProducts? products;

    private IlgpuDevice(string name, string description, Context context, Accelerator accelerator)
    {
        Name = name;
        Description = description;
        this.context = context;
        this.accelerator = accelerator;
        stream = accelerator.CreateStream();
        if (accelerator is CudaAccelerator { Architecture.Major: >= CudaProducts.LeastCapability } cuda)
        {
            products = new CudaProducts(cuda, (CudaStream)stream);
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override long TotalBytes => accelerator.MemorySize;

    /// <inheritdoc/>
    public override long FreeBytes => accelerator is CudaAccelerator cuda
        ? cuda.GetFreeMemory()
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - LiveBytes;

    /// <inheritdoc/>
    public override bool RunsProducts => products is not null;

    /// <summary>Whether there is an NVIDIA card that ILGPU can use.</summary>
    public static bool HasCuda
    {
        get
        {
            try
            {
                using Context context = Context.Create(builder => builder.Cuda());
                return context.GetCudaDevices().Count > 0;
            }
            catch (Exception exception) when (IsAbsence(exception))
            {
                return false;
            }
        }
    }

    /// <summary>The NVIDIA card of a number.</summary>
    /// <param name="gpu">Number, from 0.</param>
    /// <exception cref="DeviceUnavailableException">No driver, or no such card.</exception>
    public static IlgpuDevice Cuda(int gpu)
    {
        Context context;
        try
        {
            context = Context.Create(builder => builder.Cuda());
        }
        catch (Exception exception) when (IsAbsence(exception))
        {
            throw new DeviceUnavailableException("No NVIDIA driver answers; install it, or choose --device cpu.", exception);
        }

        int count = context.GetCudaDevices().Count;
        if (gpu < 0 || gpu >= count)
        {
            context.Dispose();
            throw new DeviceUnavailableException(count == 0
                ? "No NVIDIA card was found that ILGPU can use; check with nvidia-smi, or choose --device cpu."
                : $"There is no card number {gpu}; --gpu takes 0 to {count - 1}.");
        }

        CudaDevice device = context.GetCudaDevice(gpu);
        CudaAccelerator accelerator = device.CreateCudaAccelerator(context);
        string description = $"{accelerator.Name}, compute capability {device.Architecture}, CUDA driver {device.DriverVersion}, "
            + $"{accelerator.MemorySize >> 20} MiB, {accelerator.NumMultiprocessors} multiprocessors";
        return new IlgpuDevice("cuda", description, context, accelerator);
    }

    /// <summary>ILGPU's processor accelerator, for tiny tests of what ILGPU makes of the kernels.</summary>
    public static IlgpuDevice Cpu()
    {
        // Two warps of 32 threads on one multiprocessor: as many threads as a group of kernels with barriers has.
        var device = new CPUDevice(32, LaunchShape.ElementThreads / 32, 1);
        Context context = Context.Create(builder => builder.CPU(device));
        return new IlgpuDevice("ilgpu-cpu", "ILGPU's processor accelerator (for tests)", context, device.CreateAccelerator(context));
    }

    private static bool IsAbsence(Exception exception) =>
        exception is DllNotFoundException or EntryPointNotFoundException or NotSupportedException;

    /// <inheritdoc/>
    public override double Measure(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (accelerator is not CudaAccelerator cuda)
        {
            return base.Measure(work);
        }

        Synchronize();
        using var events = new CudaEvents(cuda, (CudaStream)stream);
        events.Start();
        work();
        Flush();
        return events.Stop();
    }

    /// <inheritdoc/>
    internal override ILaunchGraph? CreateGraph() =>
        accelerator is CudaAccelerator cuda ? CudaGraph.TryBegin(this, cuda, (CudaStream)stream) : null;

    /// <inheritdoc/>
    protected override void SynchronizeCore() => stream.Synchronize();

    /// <inheritdoc/>
    protected override unsafe DeviceMemory<T> AllocateCore<T>(long length)
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer;
        try
        {
            buffer = accelerator.Allocate1D<T>(length);
        }
        catch (CudaException exception) when (exception.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY))
        {
            throw new DeviceMemoryException(Name, length * sizeof(T), FreeBytes, TotalBytes, exception);
        }

        buffer.MemSetToZero(stream);
        return new IlgpuMemory<T>(this, stream, buffer);
    }

    /// <inheritdoc/>
    internal override void LaunchCore<TKernel>(in TKernel kernel, LaunchShape shape)
    {
        if (typeof(TKernel) == typeof(ProductLaunch))
        {
            products!.Launch(Unsafe.As<TKernel, ProductLaunch>(ref Unsafe.AsRef(in kernel)), shape);
            return;
        }

        if (!launchers.TryGetValue(typeof(TKernel), out Delegate? launcher))
        {
            launcher = accelerator.LoadKernel<TKernel>(TKernel.Run);
            launchers.Add(typeof(TKernel), launcher);
        }

        var config = new KernelConfig(new Index3D(shape.X, shape.Y, shape.Z), new Index3D(shape.Threads, 1, 1));
        ((Action<AcceleratorStream, KernelConfig, TKernel>)launcher)(stream, config, kernel);
    }

    /// <inheritdoc/>
    protected override void DisposeCore()
    {
        products?.Dispose();
        stream.Dispose();
        accelerator.Dispose();
        context.Dispose();
    }
}
