using FlowRatio.Engine.Compute;

namespace FlowRatio.Training.Data;

/// <summary>Batches of independent pairs x_0 ~ p (the denominator), x_1 ~ q (the numerator).</summary>
public interface IPairSource : IDisposable
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Writes one batch.</summary>
    /// <param name="step">Number of the batch; the same number gives the same pairs.</param>
    /// <param name="source">x_0, <c>[1; n, d]</c>, overwritten.</param>
    /// <param name="target">x_1, <c>[1; n, d]</c>, overwritten.</param>
    void Select(long step, Matrix source, Matrix target);
}
