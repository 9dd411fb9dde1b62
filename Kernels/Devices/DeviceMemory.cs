namespace FlowRatio.Kernels.Devices;

/// <summary>An array in a device's memory.</summary>
/// <typeparam name="T">Element type.</typeparam>
/// <param name="device">The device.</param>
/// <param name="length">Number of elements.</param>
internal abstract class DeviceMemory<T>(Device device, long length) : IDisposable
    where T : unmanaged
{
    private bool disposed;

    /// <summary>Number of elements.</summary>
    public long Length => length;

    /// <summary>The elements, for kernels.</summary>
    public abstract ArrayView<T> View { get; }

    /// <summary>Called once, when the memory is freed.</summary>
    public Action? Freed { get; set; }

    /// <summary>Copies from the host, after everything that was asked for before.</summary>
    /// <param name="source">Values.</param>
    /// <param name="first">Index of the first element to write.</param>
    public void Write(ReadOnlySpan<T> source, long first = 0)
    {
        device.Flush();
        device.CountWrite();
        WriteCore(source, first);
    }

    /// <summary>Copies to the host, after everything that was asked for before; waits for it.</summary>
    /// <param name="destination">Receives values.</param>
    /// <param name="first">Index of the first element to read.</param>
    public void Read(Span<T> destination, long first = 0)
    {
        device.Flush();
        device.CountRead();
        ReadCore(destination, first);
    }

    /// <summary>Sets all bytes to zero.</summary>
    public void Clear()
    {
        device.Flush();
        ClearCore();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            device.Flush();
            Free();
            Freed?.Invoke();
        }
    }

    /// <inheritdoc cref="Clear"/>
    protected abstract void ClearCore();

    /// <inheritdoc cref="Write"/>
    protected abstract void WriteCore(ReadOnlySpan<T> source, long first);

    /// <inheritdoc cref="Read"/>
    protected abstract void ReadCore(Span<T> destination, long first);

    /// <summary>Frees the memory.</summary>
    protected abstract void Free();
}
