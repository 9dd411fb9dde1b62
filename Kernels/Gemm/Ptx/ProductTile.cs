namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>What a group of threads computes of a product, and how its warps share it.</summary>
/// <param name="Rows">Rows of the product per group.</param>
/// <param name="Columns">Columns of the product per group.</param>
/// <param name="WarpRows">Rows per warp.</param>
/// <param name="WarpColumns">Columns per warp.</param>
/// <param name="Stages">Tiles of the factors in shared memory: one in use, the others on their way.</param>
internal readonly record struct ProductTile(int Rows, int Columns, int WarpRows, int WarpColumns, int Stages)
{
    /// <summary>Threads of a warp.</summary>
    public const int WarpThreads = 32;

    /// <summary>Steps of the inner index per tile.</summary>
    public const int Depth = 16;

    /// <summary>Tensor cores, where the product has enough tiles for a whole card: each word from shared memory is used eight times or more.</summary>
    public static ProductTile LargeTensor { get; } = new(128, 128, 64, 64, 4);

    /// <summary>Tensor cores, for the products of a training batch.</summary>
    public static ProductTile SmallTensor { get; } = new(64, 64, 32, 32, 4);

    /// <summary>Multiply-adds, 8 x 8 sums per thread.</summary>
    public static ProductTile LargeScalar { get; } = new(128, 128, 32, 64, 4);

    /// <summary>Multiply-adds, 8 x 8 sums per thread, for the products of a training batch.</summary>
    public static ProductTile SmallScalar { get; } = new(64, 64, 32, 64, 4);

    /// <summary>Warps side by side.</summary>
    public int WarpsAcross => Columns / WarpColumns;

    /// <summary>Threads of the group.</summary>
    public int Threads => Rows / WarpRows * WarpsAcross * WarpThreads;
}
