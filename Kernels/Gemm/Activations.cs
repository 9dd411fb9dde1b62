using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>Activations of four elements at a time.</summary>
internal static class Activations
{
    /// <summary>selu(x).</summary>
    public static Float4 Selu(Float4 x) => new()
    {
        X = Elementary.SeluOf(x.X),
        Y = Elementary.SeluOf(x.Y),
        Z = Elementary.SeluOf(x.Z),
        W = Elementary.SeluOf(x.W),
    };

    /// <summary>selu'(.) x, with the slope taken from the activation's output.</summary>
    public static Float4 TimesSlope(Float4 x, Float4 activation) => new()
    {
        X = x.X * Elementary.SeluSlope(activation.X),
        Y = x.Y * Elementary.SeluSlope(activation.Y),
        Z = x.Z * Elementary.SeluSlope(activation.Z),
        W = x.W * Elementary.SeluSlope(activation.W),
    };
}
