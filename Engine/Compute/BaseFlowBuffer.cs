using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Engine.Compute;

/// <summary>The densities of a <see cref="BaseFlow"/> in a backend's memory; how they lie there is the backend's choice.</summary>
/// <param name="source">What was put there.</param>
public abstract class BaseFlowBuffer(BaseFlow source) : IDisposable
{
    /// <summary>What was put there.</summary>
    public BaseFlow Source => source;

    /// <summary>Dimension d.</summary>
    public int Dimension => source.Dimension;

    /// <summary>Number of densities.</summary>
    public int Count => source.Densities.Length;

    /// <summary>Working memory of <see cref="ComputeBackend.AddBaseFlow"/> that grows with the rows, in bytes per row.</summary>
    public virtual long WorkspaceBytesPerRow => 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected abstract void Dispose(bool disposing);
}
