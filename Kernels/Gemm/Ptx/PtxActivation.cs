namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>SELU and ELU as in <see cref="Numerics.Elementary"/>, operation by operation.</summary>
internal static class PtxActivation
{
    private const float LowestExponent = -87f;
    private const float RoundingShift = 12582912f;
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private static readonly float[] Polynomial =
        [1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f];

    /// <summary>scale x above zero, scale alpha (e^x - 1) below.</summary>
    public static string Value(PtxText text, string x, string scale, string scaleAlpha)
    {
        // A comparison, not max: that would lose a NaN.
        string isLow = text.Predicate("setp.lt.f32", x, PtxText.Number(LowestExponent));
        string bounded = text.Float("selp.f32", PtxText.Number(LowestExponent), x, isLow);
        string shift = PtxText.Number(RoundingShift);
        string shifted = text.Float("fma.rn.f32", bounded, PtxText.Number(Log2E), shift);
        string n = text.Float("sub.rn.f32", shifted, shift);
        string r = text.Float("fma.rn.f32", n, PtxText.Number(-Ln2High), bounded);
        r = text.Float("fma.rn.f32", n, PtxText.Number(-Ln2Low), r);
        string p = PtxText.Number(Polynomial[0]);
        for (int i = 1; i < Polynomial.Length; i++)
        {
            p = text.Float("fma.rn.f32", p, r, PtxText.Number(Polynomial[i]));
        }

        string q = text.Float("fma.rn.f32", p, text.Float("mul.rn.f32", r, r), r);

        // The integer stands in the low bits of the shifted number; moved to the exponent, the rest falls off at the top.
        string bits = text.Integer("mov.b32", shifted);
        string power = text.Float("mov.b32", text.Integer("shl.b32", text.Integer("add.s32", bits, 127), 23));
        string below = text.Float("fma.rn.f32", q, power, text.Float("add.rn.f32", power, PtxText.Number(-1)));
        below = text.Float("mul.rn.f32", below, scaleAlpha);
        string above = text.Float("mul.rn.f32", x, scale);
        return text.Float("selp.f32", above, below, text.Predicate("setp.gt.f32", x, PtxText.Number(0)));
    }

    /// <summary>The slope from the activation's value a: scale above zero, a + scale alpha below.</summary>
    public static string Slope(PtxText text, string a, string scale, string scaleAlpha) => text.Float(
        "selp.f32", scale, text.Float("add.rn.f32", a, scaleAlpha), text.Predicate("setp.gt.f32", a, PtxText.Number(0)));
}
