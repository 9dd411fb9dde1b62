namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>Loads of a kernel's arguments, by the names of <see cref="ProductArguments"/>.</summary>
internal sealed class ProductRegisters(PtxText text)
{
    /// <summary>An integer argument.</summary>
    public string Integer(string field) => text.Integer("ld.param.s32", At(field));

    /// <summary>A float argument.</summary>
    public string Float(string field) => text.Float("ld.param.f32", At(field));

    /// <summary>An address.</summary>
    public string Address(string field) => text.Address("ld.param.u64", At(field));

    /// <summary>An address some segments further.</summary>
    /// <param name="field">The address.</param>
    /// <param name="segment">Register: number of segments.</param>
    /// <param name="distance">Argument: floats per segment.</param>
    public string Pointer(string field, string segment, string distance)
    {
        string floats = text.Integer("mul.lo.s32", segment, Integer(distance));
        return text.Address("mad.wide.s32", floats, sizeof(float), Address(field));
    }

    private static string At(string field) => $"[arguments+{ProductArguments.OffsetOf(field)}]";
}
