using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Backend;

/// <summary>
/// A row-major matrix in a device's memory. Rows are padded to four elements, so that a whole matrix can always be read by
/// 128-bit words; a view of some columns can where it starts at a multiple of four.
/// </summary>
internal sealed class DeviceMatrix : Matrix
{
    private readonly HostTransfer transfer;
    private readonly DeviceMemory<float> memory;
    private readonly int stride;
    private readonly int firstSegment;
    private readonly int firstColumn;

    public DeviceMatrix(HostTransfer transfer, int segments, int capacity, int columns)
        : base(segments, capacity, columns)
    {
        this.transfer = transfer;
        stride = (columns + Float4.Count - 1) / Float4.Count * Float4.Count;
        long length = (long)segments * capacity * stride;
        if (length > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"A matrix [{segments}; {capacity}, {columns}] has more than 2^31 elements; use fewer rows.");
        }

        memory = transfer.Device.Allocate<float>(length);
    }

    private DeviceMatrix(DeviceMatrix owner, int firstSegment, int segments, int firstColumn, int columns)
        : base(owner, segments, columns)
    {
        transfer = owner.transfer;
        memory = owner.memory;
        stride = owner.stride;
        this.firstSegment = owner.firstSegment + firstSegment;
        this.firstColumn = owner.firstColumn + firstColumn;
    }

    /// <summary>The elements for kernels.</summary>
    public MatrixView View => new() { Values = From(0), Stride = stride, SegmentStride = SegmentStride };

    /// <summary>One segment for kernels.</summary>
    public MatrixView Segment(int segment) => new() { Values = From(segment), Stride = stride, SegmentStride = SegmentStride };

    /// <summary>The elements as a factor or result of a product.</summary>
    public Operand Operand
    {
        get
        {
            ArrayView<float> values = From(0);
            return new Operand
            {
                Values = values,
                Quads = values.Cast<Float4>(),
                Stride = stride,
                SegmentStride = SegmentStride,
                IsAligned = firstColumn % Float4.Count == 0 ? 1 : 0,
            };
        }
    }

    private int SegmentStride => Capacity * stride;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            memory.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override Matrix CreateView(int firstSegment, int segments, int firstColumn, int columns) =>
        new DeviceMatrix(this, firstSegment, segments, firstColumn, columns);

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source, int segment) =>
        transfer.Write(source, View, segment, Columns);

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination, int segment) =>
        transfer.Read(View, segment, Columns, destination);

    private ArrayView<float> From(int segment)
    {
        long first = ((long)(firstSegment + segment) * SegmentStride) + firstColumn;
        return memory.View.SubView(first, memory.Length - first);
    }
}
