using ILGPU.Runtime;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>An array of an <see cref="IlgpuDevice"/>.</summary>
internal sealed class IlgpuMemory<T>(
    Devices.Device device, AcceleratorStream stream, MemoryBuffer1D<T, Stride1D.Dense> buffer)
    : Devices.DeviceMemory<T>(device, buffer.Length)
    where T : unmanaged
{
    /// <inheritdoc/>
    public override ArrayView<T> View => buffer.View;

    /// <inheritdoc/>
    protected override void ClearCore() => buffer.MemSetToZero(stream);

    /// <inheritdoc/>
    protected override unsafe void WriteCore(ReadOnlySpan<T> source, long first)
    {
        // Waits for the copy: the caller's memory may change right after.
        fixed (T* pointer = source)
        {
            View.SubView(first, source.Length).CopyFromCPU(stream, ref *pointer, source.Length);
        }
    }

    /// <inheritdoc/>
    protected override unsafe void ReadCore(Span<T> destination, long first)
    {
        fixed (T* pointer = destination)
        {
            View.SubView(first, destination.Length).CopyToCPU(stream, ref *pointer, destination.Length);
        }
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        // Kernels that were asked for may still use the memory.
        stream.Synchronize();
        buffer.Dispose();
    }
}
