using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// The 8 x 8 sums of one thread: four blocks, 32 rows and 32 columns apart, so that the threads of a warp read neighbouring
/// quadruples of the shared tiles.
/// </summary>
internal struct RegisterTile
{
    public Block4x4 UpperLeft;
    public Block4x4 UpperRight;
    public Block4x4 LowerLeft;
    public Block4x4 LowerRight;

    /// <summary>Adds the product of the two tiles that the group holds.</summary>
    public static RegisterTile AddProduct(RegisterTile sum, ArrayView<Float4> left, ArrayView<Float4> right)
    {
        int row = Group.IdxX / SharedTile.ThreadsAcross;
        int column = Group.IdxX % SharedTile.ThreadsAcross;

        // Four steps written out: ILGPU does not unroll loops.
        for (int k = 0; k < SharedTile.Depth * SharedTile.PitchInQuads; k += 4 * SharedTile.PitchInQuads)
        {
            sum = AddStep(sum, left, right, k + row, k + column);
            sum = AddStep(sum, left, right, k + SharedTile.PitchInQuads + row, k + SharedTile.PitchInQuads + column);
            sum = AddStep(sum, left, right, k + (2 * SharedTile.PitchInQuads) + row, k + (2 * SharedTile.PitchInQuads) + column);
            sum = AddStep(sum, left, right, k + (3 * SharedTile.PitchInQuads) + row, k + (3 * SharedTile.PitchInQuads) + column);
        }

        return sum;
    }

    /// <summary>Hands every row of four sums to the epilogue, with its place in the product.</summary>
    /// <param name="sum">The sums of this thread.</param>
    /// <param name="epilogue">What becomes of them.</param>
    public static void Store<TEpilogue>(RegisterTile sum, TEpilogue epilogue)
        where TEpilogue : struct, ITileEpilogue
    {
        int row = (Grid.IdxX * SharedTile.Size) + (Group.IdxX / SharedTile.ThreadsAcross * Float4.Count);
        int column = (Grid.IdxY * SharedTile.Size) + (Group.IdxX % SharedTile.ThreadsAcross * Float4.Count);
        StoreBlock(sum.UpperLeft, epilogue, row, column);
        StoreBlock(sum.UpperRight, epilogue, row, column + SharedTile.Half);
        StoreBlock(sum.LowerLeft, epilogue, row + SharedTile.Half, column);
        StoreBlock(sum.LowerRight, epilogue, row + SharedTile.Half, column + SharedTile.Half);
    }

    private static RegisterTile AddStep(
        RegisterTile sum, ArrayView<Float4> left, ArrayView<Float4> right, int leftAt, int rightAt)
    {
        Float4 upper = left[leftAt];
        Float4 lower = left[leftAt + SharedTile.ThreadsAcross];
        Float4 first = right[rightAt];
        Float4 second = right[rightAt + SharedTile.ThreadsAcross];
        return new RegisterTile
        {
            UpperLeft = Block4x4.AddOuter(sum.UpperLeft, upper, first),
            UpperRight = Block4x4.AddOuter(sum.UpperRight, upper, second),
            LowerLeft = Block4x4.AddOuter(sum.LowerLeft, lower, first),
            LowerRight = Block4x4.AddOuter(sum.LowerRight, lower, second),
        };
    }

    private static void StoreBlock<TEpilogue>(Block4x4 block, TEpilogue epilogue, int row, int column)
        where TEpilogue : struct, ITileEpilogue
    {
        epilogue.Store(row, column, block.Row0);
        epilogue.Store(row + 1, column, block.Row1);
        epilogue.Store(row + 2, column, block.Row2);
        epilogue.Store(row + 3, column, block.Row3);
    }
}
