namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// The sums of one thread and how they grow by the product of two tiles in shared memory. Sum (i, j) belongs to row
/// <see cref="FirstRow"/> + <see cref="RowOffset"/>(i) and column <see cref="FirstColumn"/> + <see cref="ColumnOffset"/>(j) of the group's tile.
/// </summary>
internal abstract class TileProduct
{
    private readonly string[,] sums;

    /// <summary>Sets the sums to zero.</summary>
    protected TileProduct(PtxText text, ProductTile tile, SharedFactor left, SharedFactor right, string thread, int rows, int columns)
    {
        Text = text;
        Tile = tile;
        Left = left;
        Right = right;
        Lane = text.Integer("and.b32", thread, ProductTile.WarpThreads - 1);
        string warp = text.Integer("shr.u32", thread, int.Log2(ProductTile.WarpThreads));
        WarpRow = text.Integer("mul.lo.s32", text.Integer("shr.u32", warp, int.Log2(tile.WarpsAcross)), tile.WarpRows);
        WarpColumn = text.Integer("mul.lo.s32", text.Integer("and.b32", warp, tile.WarpsAcross - 1), tile.WarpColumns);
        sums = new string[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                sums[i, j] = text.Float("mov.f32", PtxText.Number(0));
            }
        }
    }

    /// <summary>Rows of this thread's sums.</summary>
    public int Rows => sums.GetLength(0);

    /// <summary>Columns of this thread's sums.</summary>
    public int Columns => sums.GetLength(1);

    /// <summary>Register of the first row within the group's tile.</summary>
    public abstract string FirstRow { get; }

    /// <summary>Register of the first column within the group's tile.</summary>
    public abstract string FirstColumn { get; }

    protected PtxText Text { get; }

    protected ProductTile Tile { get; }

    protected SharedFactor Left { get; }

    protected SharedFactor Right { get; }

    /// <summary>Number of the thread in its warp.</summary>
    protected string Lane { get; }

    /// <summary>First row of the warp within the group's tile.</summary>
    protected string WarpRow { get; }

    /// <summary>First column of the warp within the group's tile.</summary>
    protected string WarpColumn { get; }

    /// <summary>Register of a sum.</summary>
    public string Sum(int row, int column) => sums[row, column];

    /// <summary>Rows between the first and row i of this thread.</summary>
    public abstract int RowOffset(int row);

    /// <summary>Columns between the first and column j of this thread.</summary>
    public abstract int ColumnOffset(int column);

    /// <summary>Adds the product of two tiles.</summary>
    /// <param name="left">Shared address of the left tile.</param>
    /// <param name="right">Shared address of the right tile.</param>
    public abstract void Add(string left, string right);

    /// <summary>Bytes from the beginning of a tile to an element.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="across">Row (column) of the product within the tile.</param>
    /// <param name="depth">Inner step within the tile.</param>
    protected static int Offset(SharedFactor factor, int across, int depth) =>
        (factor.RunsAlongDepth ? (across * factor.Pitch) + depth : (depth * factor.Pitch) + across) * sizeof(float);

    /// <summary>Address of an element whose place in the tile only the thread knows.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="across">Register: row (column) of the product within the tile.</param>
    /// <param name="depth">Register: inner step within the tile; null for 0.</param>
    protected string Place(SharedFactor factor, string across, string? depth)
    {
        string major = factor.RunsAlongDepth ? across : depth ?? "0";
        string? minor = factor.RunsAlongDepth ? depth : across;
        string at = Text.Integer("mul.lo.s32", major, factor.Pitch * sizeof(float));
        return minor is null ? at : Text.Integer("mad.lo.s32", minor, sizeof(float), at);
    }
}
