using FlowRatio.Kernels.Devices;

namespace FlowRatio.Tests.Emulation;

/// <summary>An array of an <see cref="EmulatedDevice"/>.</summary>
/// <typeparam name="T">Element type.</typeparam>
/// <param name="device">The device.</param>
/// <param name="length">Number of elements.</param>
/// <param name="freed">Told the address of memory that is being freed.</param>
internal sealed unsafe class EmulatedDeviceMemory<T>(Device device, long length, Action<ulong>? freed = null) : DeviceMemory<T>(device, length)
    where T : unmanaged
{
    private readonly EmulatedMemory memory = new(length * sizeof(T));

    /// <summary>Address of the first element.</summary>
    public ulong Start => (ulong)memory.Pointer;

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
    protected override void Free()
    {
        freed?.Invoke(Start);
        memory.Dispose();
    }
}
