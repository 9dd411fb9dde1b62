using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;
using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>Products in PTX on a card: each text is handed to the driver once, which compiles it for the card.</summary>
/// <param name="accelerator">The card.</param>
/// <param name="stream">Where kernels are launched.</param>
internal sealed class CudaProducts(CudaAccelerator accelerator, CudaStream stream) : IDisposable
{
    /// <summary>First number of the compute capability from which on cards have <c>cp.async</c> and TF32.</summary>
    public const int LeastCapability = 8;

    private readonly Dictionary<ProductKernel, (nint Module, nint Function)> functions = [];

    /// <summary>Launches a product.</summary>
    public unsafe void Launch(in ProductLaunch launch, LaunchShape shape)
    {
        if (!functions.TryGetValue(launch.Kernel, out (nint Module, nint Function) loaded))
        {
            loaded = Load(launch.Kernel);
            functions.Add(launch.Kernel, loaded);
        }

        ProductArguments arguments = launch.Arguments;
        void* parameters = &arguments;
        using var binding = accelerator.BindScoped();
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.LaunchKernel(
            loaded.Function,
            shape.X,
            shape.Y,
            shape.Z,
            shape.Threads,
            1,
            1,
            launch.Kernel.SharedBytes,
            stream.StreamPtr,
            (nint)(&parameters),
            0));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var binding = accelerator.BindScoped();
        foreach ((nint module, _) in functions.Values)
        {
            // Nothing can be done about a module that the driver does not unload.
            _ = CudaAPI.CurrentAPI.DestroyModule(module);
        }

        functions.Clear();
    }

    private (nint Module, nint Function) Load(ProductKernel kernel)
    {
        using var binding = accelerator.BindScoped();
        CudaError error = CudaAPI.CurrentAPI.LoadModule(out nint module, kernel.Text, out string? log);
        if (error != CudaError.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(
                $"The driver refused the product {kernel.Variant} ({error}): {log?.TrimEnd('\0')}. --precision portable does without it.");
        }

        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.GetModuleFunction(out nint function, module, ProductKernel.Entry));
        CudaDriver.AllowSharedMemory(function, kernel.SharedBytes);
        return (module, function);
    }
}
