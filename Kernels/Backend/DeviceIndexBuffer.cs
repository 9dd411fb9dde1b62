using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Backend;

/// <summary>Integers in a device's memory.</summary>
internal sealed class DeviceIndexBuffer(Device device, int capacity) : IndexBuffer(capacity)
{
    private readonly DeviceMemory<int> memory = device.Allocate<int>(capacity);

    /// <summary>The entries in use.</summary>
    public ArrayView<int> View => memory.View.SubView(0, Length);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<int> source)
    {
        Require(source.Length);
        memory.Write(source);
    }

    /// <inheritdoc/>
    public override void Read(Span<int> destination)
    {
        Require(destination.Length);
        memory.Read(destination);
    }

    /// <inheritdoc/>
    public override void Fill(int value) => device.Launch(
        new FillIndicesKernel { Values = View, Count = Length, Value = value }, LaunchShape.Elements(Length));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            memory.Dispose();
        }
    }

    private void Require(int length)
    {
        if (length != Length)
        {
            throw new ArgumentException($"{length} elements given; the buffer has {Length}.");
        }
    }
}
