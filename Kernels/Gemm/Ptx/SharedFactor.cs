namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// One factor's way into shared memory: every thread copies some quadruples of the next tile by <c>cp.async</c>, past the registers.
/// What lies beyond the factor becomes zero, by copying fewer bytes than a quadruple has.
/// </summary>
/// <param name="text">Receives the instructions.</param>
/// <param name="runsAlongDepth">Whether the factor's rows in memory run along the inner index, or across it.</param>
/// <param name="isAligned">Whether every row starts at a multiple of 16 bytes; else single floats are copied.</param>
/// <param name="size">Rows (or columns) of the product per tile.</param>
/// <param name="threads">Threads of the group.</param>
internal sealed class SharedFactor(PtxText text, bool runsAlongDepth, bool isAligned, int size, int threads)
{
    private const int Quad = 4;
    private const int FloatBytes = sizeof(float);
    private const int QuadBytes = Quad * FloatBytes;

    // Four floats more than needed along the inner index, eight more across it: the words that a warp reads for its fragments then lie
    // in 32 different banks (20 g + t, and 8 t + g, for g < 8 and t < 4).
    private readonly int pitch = runsAlongDepth ? ProductTile.Depth + Quad : size + (2 * Quad);
    private readonly int passes = size * ProductTile.Depth / Quad / threads;
    private readonly List<string> sources = [];
    private readonly List<string> isInside = [];
    private string firstTarget = string.Empty;
    private string bytesInRow = string.Empty;
    private string depthOfThread = string.Empty;
    private string advance = string.Empty;

    /// <summary>Whether rows in shared memory run along the inner index.</summary>
    public bool RunsAlongDepth => runsAlongDepth;

    /// <summary>Floats per row of the tile.</summary>
    public int Pitch => pitch;

    /// <summary>Bytes of a tile.</summary>
    public int Bytes => (runsAlongDepth ? size : ProductTile.Depth) * pitch * FloatBytes;

    /// <summary>Works out which quadruples this thread copies.</summary>
    /// <param name="thread">Number of the thread.</param>
    /// <param name="factor">Address of element (0, 0) of this launch's part of the factor.</param>
    /// <param name="stride">Its stride in floats.</param>
    /// <param name="first">Row (column) of the product where the tile begins.</param>
    /// <param name="count">Rows (columns) of the product.</param>
    public void Prepare(string thread, string factor, string stride, string first, string count)
    {
        int quadsPerRow = (runsAlongDepth ? ProductTile.Depth : size) / Quad;
        int rowsPerPass = threads / quadsPerRow;
        string quad = text.Integer("and.b32", thread, quadsPerRow - 1);
        string row = text.Integer("shr.u32", thread, int.Log2(quadsPerRow));
        string inRow = text.Integer("shl.b32", quad, int.Log2(Quad));
        firstTarget = text.Integer("mul.lo.s32", row, pitch * FloatBytes);
        firstTarget = text.Integer("mad.lo.s32", quad, QuadBytes, firstTarget);
        string column, start;
        if (runsAlongDepth)
        {
            column = inRow;
            start = text.Integer("add.s32", first, row);
            depthOfThread = inRow;
        }
        else
        {
            column = text.Integer("add.s32", first, inRow);
            start = row;
            depthOfThread = row;
            string rest = text.Integer("sub.s32", count, column);
            bytesInRow = Bytes4(rest);
        }

        string address = text.Address("mad.wide.s32", column, FloatBytes, factor);
        string rowBytes = text.Integer("shl.b32", stride, int.Log2(FloatBytes));
        for (int pass = 0; pass < passes; pass++)
        {
            string at = pass == 0 ? start : text.Integer("add.s32", start, pass * rowsPerPass);
            sources.Add(text.Address("mad.wide.s32", at, rowBytes, address));
            if (runsAlongDepth)
            {
                isInside.Add(text.Predicate("setp.lt.s32", at, count));
            }
        }

        if (!runsAlongDepth)
        {
            advance = text.Address("mul.wide.s32", rowBytes, ProductTile.Depth);
        }
    }

    /// <summary>Copies the next tile, and moves on.</summary>
    /// <param name="target">Shared address of the tile.</param>
    /// <param name="left">Inner steps that are left from this tile on; may be 0 or less.</param>
    public void Copy(string target, string left)
    {
        int quadsPerRow = (runsAlongDepth ? ProductTile.Depth : size) / Quad;
        int rowsPerPass = threads / quadsPerRow;
        string address = text.Integer("add.s32", target, firstTarget);
        string rest = text.Integer("sub.s32", left, depthOfThread);
        string inDepth = runsAlongDepth ? Bytes4(rest) : string.Empty;
        for (int pass = 0; pass < passes; pass++)
        {
            string bytes;
            if (runsAlongDepth)
            {
                bytes = text.Integer("selp.b32", inDepth, 0, isInside[pass]);
            }
            else
            {
                string inside = text.Predicate("setp.gt.s32", rest, pass * rowsPerPass);
                bytes = text.Integer("selp.b32", bytesInRow, 0, inside);
            }

            CopyQuad(address, pass * rowsPerPass * pitch * FloatBytes, sources[pass], bytes);
            text.Do("add.s64", sources[pass], sources[pass], runsAlongDepth ? ProductTile.Depth * FloatBytes : advance);
        }
    }

    private void CopyQuad(string target, int offset, string source, string bytes)
    {
        if (isAligned)
        {
            text.Do("cp.async.cg.shared.global", $"[{target}+{offset}]", $"[{source}]", QuadBytes, bytes);
            return;
        }

        for (int i = 0; i < Quad; i++)
        {
            string one = i == 0 ? bytes : text.Integer("sub.s32", bytes, i * FloatBytes);
            one = text.Integer("max.s32", text.Integer("min.s32", one, FloatBytes), 0);
            text.Do(
                "cp.async.ca.shared.global",
                $"[{target}+{offset + (i * FloatBytes)}]",
                $"[{source}+{i * FloatBytes}]",
                FloatBytes,
                one);
        }
    }

    /// <summary>Bytes of at most four floats.</summary>
    private string Bytes4(string floats)
    {
        string count = text.Integer("max.s32", text.Integer("min.s32", floats, Quad), 0);
        return text.Integer("shl.b32", count, int.Log2(FloatBytes));
    }
}
