using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>Activations of four elements at a time; scale and scale alpha choose between SELU and ELU.</summary>
internal static class Activations
{
    /// <summary>f(x).</summary>
    public static Float4 Apply(Float4 x, float scale, float scaleAlpha) => new()
    {
        X = Elementary.ExponentialUnit(x.X, scale, scaleAlpha),
        Y = Elementary.ExponentialUnit(x.Y, scale, scaleAlpha),
        Z = Elementary.ExponentialUnit(x.Z, scale, scaleAlpha),
        W = Elementary.ExponentialUnit(x.W, scale, scaleAlpha),
    };

    /// <summary>f'(.) x, with the slope taken from the activation's output.</summary>
    public static Float4 TimesSlope(Float4 x, Float4 activation, float scale, float scaleAlpha) => new()
    {
        X = x.X * Elementary.ExponentialUnitSlope(activation.X, scale, scaleAlpha),
        Y = x.Y * Elementary.ExponentialUnitSlope(activation.Y, scale, scaleAlpha),
        Z = x.Z * Elementary.ExponentialUnitSlope(activation.Z, scale, scaleAlpha),
        W = x.W * Elementary.ExponentialUnitSlope(activation.W, scale, scaleAlpha),
    };
}
