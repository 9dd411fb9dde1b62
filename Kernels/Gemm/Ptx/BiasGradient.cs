namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// db beside dW: in the groups of the first columns as many threads as the tile has outputs each add up one of them, in order and in
/// float32 whatever the products' precision.
/// </summary>
internal sealed class BiasGradient
{
    private readonly PtxText text;
    private readonly SharedFactor left;
    private readonly ProductRegisters arguments;
    private readonly string thread;
    private readonly string output;
    private readonly string part;
    private readonly string sum;
    private readonly string isAbsent;

    public BiasGradient(
        PtxText text, SharedFactor left, ProductRegisters arguments, string thread, string firstRow, string part, int outputs)
    {
        (this.text, this.left, this.arguments, this.thread, this.part) = (text, left, arguments, thread, part);
        output = text.Integer("add.s32", firstRow, thread);
        sum = text.Float("mov.f32", PtxText.Number(0));
        string isOther = text.Predicate("setp.ge.s32", thread, outputs);
        isOther = text.Predicate("setp.ne.or.s32", text.Integer("mov.u32", "%ctaid.y"), 0, isOther);
        isAbsent = text.Predicate("setp.eq.or.s64", arguments.Address(nameof(ProductArguments.Bias)), 0, isOther);
    }

    /// <summary>Adds a tile's steps.</summary>
    /// <param name="tile">Shared address of dY's tile.</param>
    public void Add(string tile)
    {
        string skip = text.NewLabel("NOBIAS");
        text.If(isAbsent, "bra", skip);
        string at = text.Integer("mad.lo.s32", thread, sizeof(float), tile);
        for (int step = 0; step < ProductTile.Depth; step++)
        {
            text.Do("add.rn.f32", sum, sum, text.Float("ld.shared.f32", $"[{at}+{step * left.Pitch * sizeof(float)}]"));
        }

        text.Label(skip);
    }

    /// <summary>Writes the sums.</summary>
    public void Store()
    {
        string isOutside = text.Predicate("setp.ge.or.s32", output, arguments.Integer(nameof(ProductArguments.Rows)), isAbsent);
        string isThere = text.Predicate("not.pred", isOutside);
        string first = arguments.Pointer(nameof(ProductArguments.Bias), part, nameof(ProductArguments.BiasSegment));
        string at = text.Address("mad.wide.s32", output, sizeof(float), first);
        string adds = text.Predicate("setp.ne.and.s32", arguments.Integer(nameof(ProductArguments.Accumulates)), 0, isThere);
        string old = text.Float("mov.f32", PtxText.Number(0));
        text.If(adds, "ld.global.f32", old, $"[{at}]");
        text.If(isThere, "st.global.f32", $"[{at}]", text.Float("add.rn.f32", old, sum));
    }
}
