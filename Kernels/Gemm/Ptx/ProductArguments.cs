using System.Runtime.InteropServices;

namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// Arguments of a product, as its PTX reads them: result[rows, columns] from a left factor with these rows, a right one with these
/// columns, and an inner index of <see cref="Depth"/> steps. Addresses are the device's; strides count floats.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProductArguments
{
    public ulong Left;
    public ulong Right;
    public ulong Result;

    /// <summary>The layer's bias, or where db goes; 0 for none.</summary>
    public ulong Bias;

    /// <summary>The activation whose slope the sums are multiplied by (<see cref="ProductKind.InputGradient"/>); 0 for none.</summary>
    public ulong Activation;
    public int Rows;
    public int Columns;
    public int Depth;
    public int LeftStride;
    public int RightStride;
    public int ResultStride;
    public int ActivationStride;

    /// <summary>Distance between segments of the left factor.</summary>
    public int LeftSegment;

    /// <summary>Distance between segments, or parts, of the result.</summary>
    public int ResultSegment;

    /// <summary>Distance between parts of db.</summary>
    public int BiasSegment;

    /// <summary>First segment of the launch (<see cref="ProductKind.Layer"/>).</summary>
    public int FirstSegment;
    public int PrimalSegments;
    public int TangentConditions;

    /// <summary>Inner steps per part (<see cref="ProductKind.WeightGradient"/>).</summary>
    public int DepthPerPart;

    /// <summary>1 with an activation (<see cref="ProductKind.Layer"/>).</summary>
    public int IsActivated;

    /// <summary>1 to add to what is there.</summary>
    public int Accumulates;

    /// <summary>The activation's slope above zero.</summary>
    public float Scale;

    /// <summary>Its negative bound.</summary>
    public float ScaleAlpha;

    /// <summary>Where a field lies, for the PTX.</summary>
    public static int OffsetOf(string field) => (int)Marshal.OffsetOf<ProductArguments>(field);
}
