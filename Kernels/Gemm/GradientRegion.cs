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

    /// <summary>The first of the regions that are columns of the same matrix, this one if it is the only one: its place in a table of regions.</summary>
    public int FirstOfMatrix;

    /// <summary>Distance between parts.</summary>
    public readonly int PartLength => Rows * PartStride;

    /// <summary>The sum of the parts of one element, in order.</summary>
    /// <param name="region">The region.</param>
    /// <param name="parts">The area of all parts.</param>
    /// <param name="row">The element's row.</param>
    /// <param name="column">Its column.</param>
    public static float SumOf(GradientRegion region, ArrayView<float> parts, int row, int column)
    {
        int from = region.Parts + (row * region.PartStride) + column;
        float sum = 0;
        for (int part = 0; part < region.PartCount; part++)
        {
            sum += parts[from + (part * region.Rows * region.PartStride)];
        }

        return sum;
    }

    /// <summary>
    /// Finds out which regions are columns of one matrix: those that begin within its first row, have its rows, and do not overlap. Between
    /// two matrices there is no such nesting, so that an element's region can be searched by where regions begin.
    /// </summary>
    /// <param name="regions">All regions, by their first element; <see cref="FirstOfMatrix"/> is set.</param>
    /// <returns>False where regions lie otherwise.</returns>
    public static bool FindMatrices(Span<GradientRegion> regions)
    {
        for (int i = 0, first = 0, end = 0; i < regions.Length; i++)
        {
            ref GradientRegion region = ref regions[i];
            if (region.Sum >= end)
            {
                first = i;
            }
            else
            {
                GradientRegion matrix = regions[first], before = regions[i - 1];
                int column = region.Sum - matrix.Sum;
                if (region.Stride != matrix.Stride || region.Rows != matrix.Rows || column + region.Columns > matrix.Stride
                    || region.Sum < before.Sum + before.Columns)
                {
                    return false;
                }
            }

            region.FirstOfMatrix = first;
            end = Math.Max(end, region.End);
        }

        return true;
    }

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

    /// <summary>One past the last element of the sum.</summary>
    public readonly int End => Sum + ((Rows - 1) * Stride) + Columns;
}
