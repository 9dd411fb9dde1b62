namespace FlowRatio.Kernels.Storage;

/// <summary>A stack of row-major matrices as kernels see it: element (s, r, j) is at s SegmentStride + r Stride + j.</summary>
internal struct MatrixView
{
    /// <summary>The elements, from the first one of the first segment.</summary>
    public ArrayView<float> Values;

    /// <summary>Distance between rows.</summary>
    public int Stride;

    /// <summary>Distance between segments.</summary>
    public int SegmentStride;

    /// <summary>An element of the first segment.</summary>
    public readonly float Get(int row, int column) => Values[(row * Stride) + column];

    /// <summary>An element of any segment.</summary>
    public readonly float Get(int segment, int row, int column) =>
        Values[(segment * SegmentStride) + (row * Stride) + column];

    /// <summary>Sets an element of the first segment.</summary>
    public readonly void Set(int row, int column, float value) => Values[(row * Stride) + column] = value;

    /// <summary>Sets an element of any segment.</summary>
    public readonly void Set(int segment, int row, int column, float value) =>
        Values[(segment * SegmentStride) + (row * Stride) + column] = value;
}
