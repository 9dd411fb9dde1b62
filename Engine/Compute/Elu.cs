namespace FlowRatio.Engine.Compute;

/// <summary>
/// Scalar form of the ELU activation with alpha = 1: x for x &gt; 0, e^x - 1 otherwise (Clevert, Unterthiner, Hochreiter, "Fast and accurate
/// deep network learning by exponential linear units", 2016).
/// </summary>
public static class Elu
{
    /// <summary>elu(x).</summary>
    /// <param name="x">Pre-activation.</param>
    public static double Value(double x) => x > 0 ? x : Math.Exp(x) - 1;

    /// <summary>elu'(x) written in terms of a = elu(x): 1 where a &gt; 0, else a + 1.</summary>
    /// <param name="activation">a = elu(x).</param>
    public static double DerivativeFromOutput(double activation) => activation > 0 ? 1 : activation + 1;
}
