namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// Where the parts of one weight's or bias's gradient lie, and where their sum goes. Positions and strides count floats: those of parts
/// within the area of all parts, those of the sum within the flat buffer of gradients.
/// </summary>
internal struct GradientRegion
{
    /// <summary>First element of the first part.</summary>
    public int Parts;

    /// <summary>Number of parts.</summary>
    public int PartCount;

    /// <summary>Distance between rows of a part.</summary>
    public int PartStride;

    /// <summary>First element of the sum.</summary>
    public int Sum;

    /// <summary>Distance between rows of the sum.</summary>
    public int Stride;
    public int Rows;
    public int Columns;

    /// <summary>Distance between parts.</summary>
    public readonly int PartLength => Rows * PartStride;

    /// <summary>Whether the sums go to the same place.</summary>
    public readonly bool IsSamePlace(in GradientRegion other) =>
        (Sum, Stride, Rows, Columns) == (other.Sum, other.Stride, other.Rows, other.Columns);

    /// <summary>Whether an element may belong to both sums; where this is hard to tell, it may.</summary>
    public readonly bool MayOverlap(in GradientRegion other)
    {
        if (Sum >= other.End || other.Sum >= End)
        {
            return false;
        }

        if (Stride != other.Stride)
        {
            return true;
        }

        // Columns of one matrix: going round once from the first column here, the others come behind these and end before them.
        int distance = (((other.Sum - Sum) % Stride) + Stride) % Stride;
        return distance < Columns || distance + other.Columns > Stride;
    }

    private readonly int End => Sum + ((Rows - 1) * Stride) + Columns;
}
