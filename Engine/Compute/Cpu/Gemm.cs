namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Tiles at the edge of a matrix.</summary>
internal static unsafe class Gemm
{
    /// <summary>Computes one tile into a panel matrix; a partial block of columns goes through <paramref name="edge"/>.</summary>
    public static void Tile(
        CpuKernels kernels, float* input, PackedWeights weights, int block, int columns, float* edge, float* output)
    {
        if (columns == weights.TileColumns)
        {
            kernels.GemmTile(input, weights.Block(block), columns, weights.Inner, output, CpuMatrix.PanelRows);
            return;
        }

        kernels.GemmTile(input, weights.Block(block), weights.TileColumns, weights.Inner, edge, CpuMatrix.PanelRows);
        int count = columns * CpuMatrix.PanelRows;
        new Span<float>(edge, count).CopyTo(new Span<float>(output, count));
    }
}
