using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>Two marks in a stream, and the time between them as the card sees it.</summary>
internal sealed class CudaEvents : IDisposable
{
    private readonly CudaAccelerator accelerator;
    private readonly CudaStream stream;
    private readonly nint start;
    private readonly nint end;

    public CudaEvents(CudaAccelerator accelerator, CudaStream stream)
    {
        (this.accelerator, this.stream) = (accelerator, stream);
        using var binding = accelerator.BindScoped();
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.CreateEvent(out start, CudaEventFlags.CU_EVENT_DEFAULT));
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.CreateEvent(out end, CudaEventFlags.CU_EVENT_DEFAULT));
    }

    /// <summary>Sets the first mark.</summary>
    public void Start() => Record(start);

    /// <summary>Sets the second mark, waits for it and gives the milliseconds between the two.</summary>
    public double Stop()
    {
        Record(end);
        using var binding = accelerator.BindScoped();
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.SynchronizeEvent(end));
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.ElapsedTime(out float milliseconds, start, end));
        return milliseconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var binding = accelerator.BindScoped();
        _ = CudaAPI.CurrentAPI.DestroyEvent(start);
        _ = CudaAPI.CurrentAPI.DestroyEvent(end);
    }

    private void Record(nint mark)
    {
        using var binding = accelerator.BindScoped();
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.RecordEvent(mark, stream.StreamPtr));
    }
}
