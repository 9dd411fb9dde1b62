namespace FlowRatio.Engine.Compute;

/// <summary>
/// The construction of something that holds memory of a backend: unless it is completed, what was allocated meanwhile is freed when this is disposed.
/// A constructor that throws half-way so leaves nothing behind.
/// </summary>
public readonly struct Construction : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly long mark;
    private readonly bool[] isComplete = [false];

    /// <summary>Begins.</summary>
    /// <param name="backend">Where memory is taken.</param>
    public Construction(ComputeBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        this.backend = backend;
        mark = backend.AllocationMark;
    }

    /// <summary>The whole is there; from now on its owner frees it.</summary>
    public void Complete() => isComplete[0] = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isComplete[0])
        {
            backend.FreeSince(mark);
        }
    }
}
