namespace FlowRatio.Engine.Compute;

/// <summary>Constants and scalar form of the SELU activation (Klambauer et al., 2017).</summary>
public static class Selu
{
    /// <summary>lambda.</summary>
    public const double Scale = 1.0507009873554804934193349852946;

    /// <summary>alpha.</summary>
    public const double Alpha = 1.6732632423543772848170429916717;

    /// <summary>lambda alpha.</summary>
    public const double ScaleAlpha = Scale * Alpha;

    /// <summary>selu(x).</summary>
    /// <param name="x">Pre-activation.</param>
    public static double Value(double x) => x > 0 ? Scale * x : ScaleAlpha * (Math.Exp(x) - 1);

    /// <summary>selu'(x) written in terms of a = selu(x): lambda where a &gt; 0, else a + lambda alpha. No pre-activation need be kept.</summary>
    /// <param name="activation">a = selu(x).</param>
    public static double DerivativeFromOutput(double activation) => activation > 0 ? Scale : activation + ScaleAlpha;
}
