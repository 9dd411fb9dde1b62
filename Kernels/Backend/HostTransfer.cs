using System.Numerics;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Backend;

/// <summary>
/// Moves matrices between host and device: converted and packed row after row on one side, one copy, unpacked by a kernel on the other.
/// A few values travel as arguments of a kernel, without a copy. Both staging areas grow once and stay until the device is disposed.
/// </summary>
internal sealed class HostTransfer(Device device)
{
    private float[] staging = [];
    private DeviceMemory<float>? packed;

    /// <summary>The device.</summary>
    public Device Device => device;

    /// <summary>Copies a segment from the host.</summary>
    /// <param name="source">Row-major values.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public void Write<T>(ReadOnlySpan<T> source, MatrixView matrix, int segment, int columns)
        where T : unmanaged, INumberBase<T>
    {
        if (source.Length <= WriteFewKernel.Most)
        {
            WriteFew(source, matrix, segment, columns);
            return;
        }

        Reserve(source.Length);
        Convert(source, staging);
        packed!.Write(staging.AsSpan(0, source.Length));
        Launch(matrix, segment, columns, source.Length, unpack: 1);
    }

    /// <summary>Copies a segment to the host.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="destination">Receives row-major values.</param>
    public void Read<T>(MatrixView matrix, int segment, int columns, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Reserve(destination.Length);
        Launch(matrix, segment, columns, destination.Length, unpack: 0);
        packed!.Read(staging.AsSpan(0, destination.Length));
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(staging[i]);
        }
    }

    /// <summary>Copies a flat array from the host.</summary>
    public void Write<T>(ReadOnlySpan<T> source, DeviceMemory<float> memory)
        where T : unmanaged, INumberBase<T>
    {
        ReserveStaging(source.Length);
        Convert(source, staging);
        memory.Write(staging.AsSpan(0, source.Length));
    }

    /// <summary>Copies a flat array to the host.</summary>
    public void Read<T>(DeviceMemory<float> memory, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        ReserveStaging(destination.Length);
        memory.Read(staging.AsSpan(0, destination.Length));
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(staging[i]);
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> source, float[] destination)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = float.CreateTruncating(source[i]);
        }
    }

    private void WriteFew<T>(ReadOnlySpan<T> source, MatrixView matrix, int segment, int columns)
        where T : unmanaged, INumberBase<T>
    {
        Span<float> values = stackalloc float[WriteFewKernel.Most];
        for (int i = 0; i < source.Length; i++)
        {
            values[i] = float.CreateTruncating(source[i]);
        }

        var kernel = new WriteFewKernel
        {
            Matrix = matrix,
            Segment = segment,
            Columns = columns,
            Count = source.Length,
            Value0 = values[0],
            Value1 = values[1],
            Value2 = values[2],
            Value3 = values[3],
        };
        device.Launch(kernel, LaunchShape.Elements(source.Length));
    }

    private void Launch(MatrixView matrix, int segment, int columns, int count, int unpack)
    {
        var kernel = new PackKernel
        {
            Matrix = matrix, Segment = segment, Columns = columns, Count = count, Packed = packed!.View, Unpack = unpack,
        };
        device.Launch(kernel, LaunchShape.Elements(count));
    }

    private void Reserve(int length)
    {
        ReserveStaging(length);
        if (packed is null || packed.Length < length)
        {
            packed?.Dispose();
            packed = null;
            packed = device.Allocate<float>(length, isScratch: true);
        }
    }

    private void ReserveStaging(int length)
    {
        if (staging.Length < length)
        {
            staging = new float[length];
        }
    }
}
