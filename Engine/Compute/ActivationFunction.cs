namespace FlowRatio.Engine.Compute;

/// <summary>
/// Scalar forms of <see cref="Activation"/>. SELU and ELU are one family: scale x for x &gt; 0, scale alpha (e^x - 1) otherwise, so their
/// derivative is scale, or the value plus scale alpha; and for x &lt; 0 their second derivative is their first.
/// </summary>
public static class ActivationFunction
{
    /// <summary>scale and scale alpha; (1, 1) for ELU. The identity has none.</summary>
    /// <param name="activation">SELU or ELU.</param>
    public static (double Scale, double ScaleAlpha) Constants(Activation activation) =>
        activation == Activation.Selu ? (Selu.Scale, Selu.ScaleAlpha) : (1, 1);

    /// <summary>f(x).</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">Pre-activation.</param>
    public static double Value(Activation activation, double x) => activation switch
    {
        Activation.Selu => Selu.Value(x),
        Activation.Elu => Elu.Value(x),
        _ => x,
    };

    /// <summary>f'(x) in terms of a = f(x).</summary>
    /// <param name="activation">f.</param>
    /// <param name="value">a = f(x).</param>
    public static double DerivativeFromOutput(Activation activation, double value) => activation switch
    {
        Activation.Selu => Selu.DerivativeFromOutput(value),
        Activation.Elu => Elu.DerivativeFromOutput(value),
        _ => 1,
    };

    /// <summary>
    /// f''(x) q in terms of a = f(x) and its tangent a' = f'(x) q: f'' = f' below zero, so it is a' there and zero elsewhere
    /// (at the kink, where f'' is not defined, the branch of f' is taken).
    /// </summary>
    /// <param name="activation">f.</param>
    /// <param name="value">a = f(x).</param>
    /// <param name="tangent">a' = f'(x) q.</param>
    public static double SecondDerivativeTimesTangent(Activation activation, double value, double tangent) =>
        activation == Activation.None || value > 0 ? 0 : tangent;
}
