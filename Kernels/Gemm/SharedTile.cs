using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// The part of a factor that a group of 64 threads holds in shared memory: 64 rows (or columns) of the product by 16 steps of the inner
/// index, the inner index outermost, so that a thread's four operands lie together.
/// </summary>
internal static class SharedTile
{
    /// <summary>Rows and columns of the product per group.</summary>
    public const int Size = 64;

    /// <summary>Half of them.</summary>
    public const int Half = Size / 2;

    /// <summary>Steps of the inner index between two barriers.</summary>
    public const int Depth = 16;

    /// <summary>Threads in each direction, each with 8 x 8 sums.</summary>
    public const int ThreadsAcross = 8;

    /// <summary>Floats per step; four more than needed, so that transposed stores meet different memory banks.</summary>
    public const int Pitch = Size + Float4.Count;

    /// <summary>Quadruples per step.</summary>
    public const int PitchInQuads = Pitch / Float4.Count;

    private const int Threads = LaunchShape.TeamThreads;
    private const int QuadsPerRow = Depth / Float4.Count;
    private const int RowsPerPass = Threads / QuadsPerRow;
    private const int QuadsPerStep = Size / Float4.Count;
    private const int StepsPerPass = Threads / QuadsPerStep;

    /// <summary>Allocates a tile; every thread of the group must call it.</summary>
    public static ArrayView<Float4> Allocate() => SharedMemory.Allocate<Float4>(Depth * PitchInQuads);

    /// <summary>Loads from a factor whose rows run along the inner index: four threads read 64 consecutive bytes of a row.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="factor">The factor, <c>[rows, depth]</c>.</param>
    /// <param name="segment">Segment.</param>
    /// <param name="firstRow">Row of the factor that becomes row 0 of the tile.</param>
    /// <param name="firstStep">Column of the factor that becomes step 0.</param>
    /// <param name="rows">Rows of the factor.</param>
    /// <param name="depth">Columns of the factor.</param>
    public static void LoadTransposed(
        ArrayView<Float4> tile, Operand factor, int segment, int firstRow, int firstStep, int rows, int depth)
    {
        ArrayView<float> values = tile.Cast<float>();
        int step = Group.IdxX % QuadsPerRow * Float4.Count;
        for (int row = Group.IdxX / QuadsPerRow; row < Size; row += RowsPerPass)
        {
            Float4 quad = factor.Load(segment, firstRow + row, firstStep + step, rows, depth);
            int at = (step * Pitch) + row;
            values[at] = quad.X;
            values[at + Pitch] = quad.Y;
            values[at + (2 * Pitch)] = quad.Z;
            values[at + (3 * Pitch)] = quad.W;
        }
    }

    /// <summary>Loads from a factor whose rows run across the inner index: sixteen threads read 256 consecutive bytes of a row.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="factor">The factor, <c>[depth, columns]</c>.</param>
    /// <param name="firstStep">Row of the factor that becomes step 0.</param>
    /// <param name="firstColumn">Column of the factor that becomes row 0 of the tile.</param>
    /// <param name="depth">Rows of the factor (or the end of the part that this group sums).</param>
    /// <param name="columns">Columns of the factor.</param>
    public static void Load(ArrayView<Float4> tile, Operand factor, int firstStep, int firstColumn, int depth, int columns)
    {
        int quad = Group.IdxX % QuadsPerStep;
        for (int step = Group.IdxX / QuadsPerStep; step < Depth; step += StepsPerPass)
        {
            tile[(step * PitchInQuads) + quad] =
                factor.Load(0, firstStep + step, firstColumn + (quad * Float4.Count), depth, columns);
        }
    }
}
