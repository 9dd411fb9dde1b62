using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Backend;

/// <summary>float64 sums in a device's memory, series after series.</summary>
internal sealed class DeviceAccumulator(Device device, int series, int capacity) : Accumulator(series, capacity)
{
    private readonly DeviceMemory<double> memory = device.Allocate<double>((long)series * capacity);

    /// <summary>All series; the distance between them is the capacity.</summary>
    public ArrayView<double> View => memory.View;

    /// <summary>The rows in use of one series.</summary>
    public ArrayView<double> SeriesView(int series) => memory.View.SubView((long)series * Capacity, Rows);

    /// <inheritdoc/>
    public override void Clear() => memory.Clear();

    /// <inheritdoc/>
    public override void Read(int series, Span<double> destination)
    {
        Require(series, destination.Length);
        memory.Read(destination, (long)series * Capacity);
    }

    /// <inheritdoc/>
    public override void Write(int series, ReadOnlySpan<double> source)
    {
        Require(series, source.Length);
        memory.Write(source, (long)series * Capacity);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            memory.Dispose();
        }
    }

    private void Require(int series, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(series, Series);
        if (length != Rows)
        {
            throw new ArgumentException($"{length} elements given; the accumulator has {Rows} rows.");
        }
    }
}
