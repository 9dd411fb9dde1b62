using System.Runtime.InteropServices;

namespace FlowRatio.Tests.Emulation;

/// <summary>A block of host memory that stands for device memory; aligned like a device's, and known to be freed when it is.</summary>
internal sealed unsafe class EmulatedMemory : IDisposable
{
    private const nuint Alignment = 256;
    private void* pointer;

    /// <summary>Allocates zeros.</summary>
    /// <param name="bytes">Size, at least 1.</param>
    public EmulatedMemory(long bytes)
    {
        pointer = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        Bytes = bytes;
        NativeMemory.Clear(pointer, (nuint)bytes);
    }

    ~EmulatedMemory() => Free();

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointer is null, this);
            return (byte*)pointer;
        }
    }

    /// <summary>Sets every byte; all ones make a NaN of every float.</summary>
    public void Fill(byte value) => NativeMemory.Fill(Pointer, (nuint)Bytes, value);

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
    }
}
