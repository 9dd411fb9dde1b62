using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// A factor or the result of a product: a row-major matrix, read and written four elements at a time where it is laid out for that.
/// </summary>
internal struct Operand
{
    public ArrayView<float> Values;

    /// <summary>The same elements as quadruples; used only where <see cref="IsAligned"/> is not 0.</summary>
    public ArrayView<Float4> Quads;

    /// <summary>Distance between rows.</summary>
    public int Stride;

    /// <summary>Distance between segments.</summary>
    public int SegmentStride;

    /// <summary>1 where every row starts at a multiple of four elements.</summary>
    public int IsAligned;

    /// <summary>Four consecutive elements of a row; those beyond the matrix are 0.</summary>
    /// <param name="segment">Segment.</param>
    /// <param name="row">Row.</param>
    /// <param name="column">First column, a multiple of four.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public readonly Float4 Load(int segment, int row, int column, int rows, int columns)
    {
        int at = (segment * SegmentStride) + (row * Stride) + column;
        int count = row < rows ? columns - column : 0;
        if (IsAligned != 0 && count >= Float4.Count)
        {
            return Quads[at / Float4.Count];
        }

        return new Float4
        {
            X = count > 0 ? Values[at] : 0,
            Y = count > 1 ? Values[at + 1] : 0,
            Z = count > 2 ? Values[at + 2] : 0,
            W = count > 3 ? Values[at + 3] : 0,
        };
    }

    /// <summary>Writes four consecutive elements of a row, or as many of them as the matrix has.</summary>
    /// <param name="segment">Segment.</param>
    /// <param name="row">A row of the matrix.</param>
    /// <param name="column">First column, a multiple of four.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="quad">The values.</param>
    public readonly void Store(int segment, int row, int column, int columns, Float4 quad)
    {
        int at = (segment * SegmentStride) + (row * Stride) + column;
        int count = columns - column;
        if (IsAligned != 0 && count >= Float4.Count)
        {
            Quads[at / Float4.Count] = quad;
            return;
        }

        if (count > 0)
        {
            Values[at] = quad.X;
        }

        if (count > 1)
        {
            Values[at + 1] = quad.Y;
        }

        if (count > 2)
        {
            Values[at + 2] = quad.Z;
        }

        if (count > 3)
        {
            Values[at + 3] = quad.W;
        }
    }
}
