using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Training;

namespace FlowRatio.Kernels.Backend;

/// <summary>A flat buffer in a device's memory; where it holds gradients, sums over parts of the batch may be put off (<see cref="GradientParts"/>).</summary>
internal sealed class DeviceParameterBuffer(HostTransfer transfer, int length) : ParameterBuffer(length)
{
    private readonly DeviceMemory<float> memory = transfer.Device.Allocate<float>(length);
    private GradientParts? parts;

    /// <summary>The values.</summary>
    public ArrayView<float> View
    {
        get
        {
            parts?.Sum();
            return memory.View;
        }
    }

    /// <summary>Gradients in parts.</summary>
    public GradientParts Parts => parts ??= new GradientParts(transfer.Device, memory);

    /// <summary>The values, of which only those of one place are up to date: what else waits to be summed goes on waiting.</summary>
    public ArrayView<float> At(in GradientRegion place)
    {
        parts?.SumBeneath(place);
        return memory.View;
    }

    /// <summary>Hands these gradients to an optimiser, which sums parts that wait as it goes (<see cref="GradientParts.HandTo"/>).</summary>
    /// <param name="kernel">Receives them.</param>
    public void HandTo(ref AdamKernel kernel)
    {
        parts?.HandTo(ref kernel);
        kernel.Gradients = memory.View;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            parts?.Dispose();
            memory.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source)
    {
        parts?.Forget();
        transfer.Write(source, memory);
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination)
    {
        parts?.Sum();
        transfer.Read(memory, destination);
    }
}
