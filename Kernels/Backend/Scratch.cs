using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Backend;

/// <summary>Device memory for the inside of one operation: grows to the largest need and stays until the device is disposed.</summary>
internal sealed class Scratch<T>(Device device)
    where T : unmanaged
{
    private DeviceMemory<T>? memory;

    /// <summary>At least so many elements, of undefined value.</summary>
    public ArrayView<T> Reserve(long length)
    {
        if (memory is null || memory.Length < length)
        {
            memory?.Dispose();
            memory = null;
            memory = device.Allocate<T>(length, isScratch: true);
        }

        return memory.View;
    }
}
