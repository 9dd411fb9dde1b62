using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Emulation;

/// <summary>An array of an <see cref="EmulatedDevice"/>.</summary>
internal sealed unsafe class EmulatedDeviceMemory<T>(Device device, long length) : DeviceMemory<T>(device, length)
    where T : unmanaged
{
    private readonly EmulatedMemory memory = new(length * sizeof(T));

    /// <inheritdoc/>
    public override ArrayView<T> View => new(memory, 0, Length);

    /// <inheritdoc/>
    protected override void ClearCore() => memory.Fill(0);

    /// <inheritdoc/>
    protected override void WriteCore(ReadOnlySpan<T> source, long first)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + source.Length, Length);
        source.CopyTo(new Span<T>((T*)memory.Pointer + first, source.Length));
    }

    /// <inheritdoc/>
    protected override void ReadCore(Span<T> destination, long first)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + destination.Length, Length);
        new Span<T>((T*)memory.Pointer + first, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    protected override void Free() => memory.Dispose();
}
