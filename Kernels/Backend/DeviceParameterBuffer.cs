using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Backend;

/// <summary>A flat buffer in a device's memory.</summary>
internal sealed class DeviceParameterBuffer(HostTransfer transfer, int length) : ParameterBuffer(length)
{
    private readonly DeviceMemory<float> memory = transfer.Device.Allocate<float>(length);

    /// <summary>The values.</summary>
    public ArrayView<float> View => memory.View;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            memory.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source) => transfer.Write(source, memory);

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination) => transfer.Read(memory, destination);
}
