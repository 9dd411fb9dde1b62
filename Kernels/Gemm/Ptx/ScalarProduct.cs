namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// Fused multiply-adds in float32: 8 x 8 sums per thread, 4 x 8 threads per warp. Factors come by 128-bit words: four steps of one row
/// where rows run along the inner index, four rows of one step otherwise; in both cases the eight threads side by side read eight
/// different groups of banks. Each sum grows step by step in order, so its bits do not depend on the tile.
/// </summary>
internal sealed class ScalarProduct : TileProduct
{
    private const int Sums = 8;
    private const int Quad = 4;
    private const int ThreadsDown = 4;
    private const int ThreadsAcross = 8;
    private readonly string leftPlace;
    private readonly string rightPlace;

    public ScalarProduct(PtxText text, ProductTile tile, SharedFactor left, SharedFactor right, string thread)
        : base(text, tile, left, right, thread, Sums, Sums)
    {
        string down = text.Integer("shr.u32", Lane, int.Log2(ThreadsAcross));
        string across = text.Integer("and.b32", Lane, ThreadsAcross - 1);
        FirstRow = text.Integer("mad.lo.s32", down, left.RunsAlongDepth ? 1 : Quad, WarpRow);
        FirstColumn = text.Integer("mad.lo.s32", across, right.RunsAlongDepth ? 1 : Quad, WarpColumn);
        leftPlace = Place(left, FirstRow, null);
        rightPlace = Place(right, FirstColumn, null);
    }

    public override string FirstRow { get; }

    public override string FirstColumn { get; }

    public override int RowOffset(int row) => Spread(Left, row, ThreadsDown);

    public override int ColumnOffset(int column) => Spread(Right, column, ThreadsAcross);

    public override void Add(string left, string right)
    {
        string leftAt = Text.Integer("add.s32", left, leftPlace), rightAt = Text.Integer("add.s32", right, rightPlace);
        for (int depth = 0; depth < ProductTile.Depth; depth += Quad)
        {
            string[,] a = Load(Left, leftAt, depth, ThreadsDown), b = Load(Right, rightAt, depth, ThreadsAcross);
            for (int k = 0; k < Quad; k++)
            {
                for (int i = 0; i < Sums; i++)
                {
                    for (int j = 0; j < Sums; j++)
                    {
                        Text.Do("fma.rn.f32", Sum(i, j), a[i, k], b[j, k], Sum(i, j));
                    }
                }
            }
        }
    }

    private static int Spread(SharedFactor factor, int index, int threads) =>
        factor.RunsAlongDepth ? index * threads : (index / Quad * threads * Quad) + (index % Quad);

    /// <summary>Eight rows (columns) by four steps.</summary>
    private string[,] Load(SharedFactor factor, string at, int depth, int threads)
    {
        string[,] values = new string[Sums, Quad];
        for (int word = 0; word < Sums; word++)
        {
            string[] quad = [Text.NewFloat(), Text.NewFloat(), Text.NewFloat(), Text.NewFloat()];
            int across = factor.RunsAlongDepth ? Spread(factor, word, threads) : Spread(factor, word / Quad * Quad, threads);
            int step = factor.RunsAlongDepth ? depth : depth + (word % Quad);
            Text.Do("ld.shared.v4.f32", $"{{{string.Join(", ", quad)}}}", $"[{at}+{Offset(factor, across, step)}]");
            for (int i = 0; i < Quad; i++)
            {
                if (factor.RunsAlongDepth)
                {
                    values[word, i] = quad[i];
                }
                else
                {
                    values[(word / Quad * Quad) + i, word % Quad] = quad[i];
                }
            }
        }

        return values;
    }
}
