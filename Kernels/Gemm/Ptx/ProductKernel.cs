namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// A product as a kernel in PTX for cards from sm_80 on, made of text: tiles of the factors travel to shared memory by <c>cp.async</c>
/// several tiles ahead (<see cref="SharedFactor"/>), their product is added to sums in registers (<see cref="ScalarProduct"/>,
/// <see cref="TensorProduct"/>), and the sums leave through the layer's epilogue (<see cref="ProductEpilogue"/>).
/// </summary>
internal sealed class ProductKernel
{
    /// <summary>Name of the entry.</summary>
    public const string Entry = "product";

    private ProductKernel(ProductVariant variant)
    {
        Variant = variant;
        var text = new PtxText();
        SharedBytes = Write(text, variant);
        unsafe
        {
            Text = text.Module(Entry, sizeof(ProductArguments), variant.Tile.Threads);
        }
    }

    /// <summary>What it is.</summary>
    public ProductVariant Variant { get; }

    /// <summary>The module.</summary>
    public string Text { get; }

    /// <summary>Shared memory per group.</summary>
    public int SharedBytes { get; }

    /// <summary>Writes a kernel.</summary>
    public static ProductKernel Create(ProductVariant variant) => new(variant);

    private static int Write(PtxText text, ProductVariant variant)
    {
        (ProductKind kind, ProductTile tile) = (variant.Kind, variant.Tile);
        var arguments = new ProductRegisters(text);
        string thread = text.Integer("mov.u32", "%tid.x"), layer = text.Integer("mov.u32", "%ctaid.z");
        string firstRow = text.Integer("mul.lo.s32", text.Integer("mov.u32", "%ctaid.x"), tile.Rows);
        string firstColumn = text.Integer("mul.lo.s32", text.Integer("mov.u32", "%ctaid.y"), tile.Columns);
        string leftStride = arguments.Integer(nameof(ProductArguments.LeftStride));
        string rightStride = arguments.Integer(nameof(ProductArguments.RightStride));
        string leftAddress = arguments.Address(nameof(ProductArguments.Left));
        string rightAddress = arguments.Address(nameof(ProductArguments.Right));
        string depth = arguments.Integer(nameof(ProductArguments.Depth));
        if (kind == ProductKind.Layer)
        {
            layer = text.Integer("add.s32", layer, arguments.Integer(nameof(ProductArguments.FirstSegment)));
            leftAddress = arguments.Pointer(nameof(ProductArguments.Left), layer, nameof(ProductArguments.LeftSegment));
        }
        else if (kind == ProductKind.WeightGradient)
        {
            string perPart = arguments.Integer(nameof(ProductArguments.DepthPerPart));
            string start = text.Integer("mul.lo.s32", layer, perPart);
            depth = text.Integer("min.s32", text.Integer("sub.s32", depth, start), perPart);
            leftAddress = text.Address("mad.wide.s32", start, text.Integer("shl.b32", leftStride, 2), leftAddress);
            rightAddress = text.Address("mad.wide.s32", start, text.Integer("shl.b32", rightStride, 2), rightAddress);
        }

        var left = new SharedFactor(text, kind != ProductKind.WeightGradient, variant.LeftIsAligned, tile.Rows, tile.Threads);
        var right = new SharedFactor(text, kind == ProductKind.Layer, variant.RightIsAligned, tile.Columns, tile.Threads);
        left.Prepare(thread, leftAddress, leftStride, firstRow, arguments.Integer(nameof(ProductArguments.Rows)));
        right.Prepare(thread, rightAddress, rightStride, firstColumn, arguments.Integer(nameof(ProductArguments.Columns)));
        TileProduct product = variant.Precision == ProductPrecision.Fp32
            ? new ScalarProduct(text, tile, left, right, thread)
            : new TensorProduct(text, tile, left, right, thread, variant.Precision == ProductPrecision.ThreeTf32);
        BiasGradient? bias = kind == ProductKind.WeightGradient
            ? new BiasGradient(text, left, arguments, thread, firstRow, layer, tile.Rows)
            : null;
        SumTiles(text, tile.Stages, left, right, product, bias, depth);

        var epilogue = new ProductEpilogue(text, product, arguments, firstRow, firstColumn);
        switch (kind)
        {
            case ProductKind.Layer:
                epilogue.Layer(layer);
                break;
            case ProductKind.InputGradient:
                epilogue.InputGradient();
                break;
            default:
                bias!.Store();
                epilogue.WeightGradient(layer);
                break;
        }

        return tile.Stages * (left.Bytes + right.Bytes);
    }

    /// <summary>The loop over tiles. One barrier per tile: behind it every thread has its part of this tile, and has done with the last one.</summary>
    private static void SumTiles(
        PtxText text, int stages, SharedFactor left, SharedFactor right, TileProduct product, BiasGradient? bias, string depth)
    {
        int bytes = left.Bytes + right.Bytes;
        string begin = text.Integer("mov.u32", "tiles"), end = text.Integer("add.s32", begin, stages * bytes);
        string write = text.Integer("mov.u32", begin), read = text.Integer("mov.u32", begin), rest = text.Integer("mov.u32", depth);
        void Copy()
        {
            left.Copy(write, rest);
            right.Copy(text.Integer("add.s32", write, left.Bytes), rest);
            text.Do("cp.async.commit_group");
            text.Do("add.s32", write, write, bytes);
            text.Do("sub.s32", rest, rest, ProductTile.Depth);
        }

        for (int stage = 0; stage < stages - 1; stage++)
        {
            Copy();
        }

        string loop = text.NewLabel("TILE"), done = text.NewLabel("SUMMED");
        string tiles = text.Integer("shr.s32", text.Integer("add.s32", depth, ProductTile.Depth - 1), int.Log2(ProductTile.Depth));
        text.If(text.Predicate("setp.le.s32", tiles, 0), "bra.uni", done);
        text.Label(loop);
        text.Do("cp.async.wait_group", stages - 2);
        text.Do("bar.sync", 0);
        Copy();
        Wrap(write);
        product.Add(read, text.Integer("add.s32", read, left.Bytes));
        bias?.Add(read);
        text.Do("add.s32", read, read, bytes);
        Wrap(read);
        text.Do("sub.s32", tiles, tiles, 1);
        text.If(text.Predicate("setp.gt.s32", tiles, 0), "bra.uni", loop);
        text.Label(done);
        text.Do("cp.async.wait_all");

        void Wrap(string address) => text.Do("selp.b32", address, begin, address, text.Predicate("setp.eq.s32", address, end));
    }
}
