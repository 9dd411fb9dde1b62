namespace FlowRatio.Engine.Compute;

/// <summary>The elementwise function that a layer applies to its primal rows.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>
    /// Scaled exponential linear unit: lambda x for x &gt; 0, lambda alpha (e^x - 1) otherwise
    /// (Klambauer et al., "Self-Normalizing Neural Networks", 2017).
    /// </summary>
    Selu,

    /// <summary>Exponential linear unit: x for x &gt; 0, e^x - 1 otherwise (Clevert et al., 2016).</summary>
    Elu,
}
