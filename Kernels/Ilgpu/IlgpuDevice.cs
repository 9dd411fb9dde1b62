using System.Runtime.CompilerServices;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>A device by way of ILGPU: an NVIDIA card, an OpenCL device, or ILGPU's own processor accelerator. One stream, not the default one.</summary>
internal sealed class IlgpuDevice : Devices.Device
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly Dictionary<Type, Delegate> launchers = [];
    private readonly CudaProducts? products;

    /// <summary>Takes over an accelerator.</summary>
    /// <param name="name">Kind, as in <c>--device</c>.</param>
    /// <param name="description">Product, driver and memory, for people.</param>
    /// <param name="context">ILGPU's context, to be freed with the device.</param>
    /// <param name="accelerator">The accelerator, likewise.</param>
    public IlgpuDevice(string name, string description, Context context, Accelerator accelerator)
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
    public override long FreeBytes => accelerator switch
    {
        CudaAccelerator cuda => cuda.GetFreeMemory(),

        // OpenCL tells what there is, not what is left.
        CLAccelerator => TotalBytes - LiveBytes,
        _ => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - LiveBytes,
    };

    /// <inheritdoc/>
    public override bool RunsProducts => products is not null;

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
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            throw new DeviceMemoryException(Name, length * sizeof(T), FreeBytes, TotalBytes, exception);
        }

        buffer.MemSetToZero(stream);
        return new IlgpuMemory<T>(this, stream, buffer);
    }

    private static bool IsOutOfMemory(Exception exception) => exception switch
    {
        CudaException cuda => cuda.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException cl => cl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE,
        _ => false,
    };

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
