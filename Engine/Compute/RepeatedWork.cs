namespace FlowRatio.Engine.Compute;

/// <summary>
/// Operations that are asked for again and again in the same order on the same operands: a training step, a step of a solver. Between
/// <see cref="Begin"/> and <see cref="End"/> the caller asks for them as ever; a backend may put them off until the end and submit
/// them as one. Nothing else changes: results are the same bits, and whatever needs a result in between gets it.
/// </summary>
/// <remarks>This one does nothing; it is for backends that compute at once.</remarks>
public class RepeatedWork : IDisposable
{
    /// <summary>For backends, and the one that does nothing.</summary>
    protected internal RepeatedWork()
    {
    }

    /// <summary>The next operations are one repetition.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>The repetition is complete.</summary>
    public virtual void End()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what was kept of earlier repetitions.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
