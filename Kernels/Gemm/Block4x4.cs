using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// Sixteen sums in registers. Written as fields, not as an array: what is indexed by a loop variable would land in local memory.
/// </summary>
internal struct Block4x4
{
    public Float4 Row0;
    public Float4 Row1;
    public Float4 Row2;
    public Float4 Row3;

    /// <summary>Adds the outer product of a column and a row.</summary>
    public static Block4x4 AddOuter(Block4x4 sum, Float4 column, Float4 row) => new()
    {
        Row0 = Float4.AddScaled(sum.Row0, column.X, row),
        Row1 = Float4.AddScaled(sum.Row1, column.Y, row),
        Row2 = Float4.AddScaled(sum.Row2, column.Z, row),
        Row3 = Float4.AddScaled(sum.Row3, column.W, row),
    };
}
