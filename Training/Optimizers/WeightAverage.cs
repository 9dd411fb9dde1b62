using FlowRatio.Engine.Compute;

namespace FlowRatio.Training.Optimizers;

/// <summary>
/// Exponential moving average of the weights. The decay grows as (1 + n) / (10 + n) up to its final value, so that the initial
/// weights are forgotten early in short trainings.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly double decay;

    /// <summary>Starts an average.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="parameters">The weights at the start.</param>
    /// <param name="decay">Final decay in [0, 1); 0 keeps the latest weights.</param>
    public WeightAverage(ComputeBackend backend, ParameterBuffer parameters, double decay)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
        this.backend = backend;
        this.decay = decay;
        Parameters = backend.CreateParameters(parameters.Length);
        backend.AverageParameters(parameters, 0, Parameters);
    }

    /// <summary>The averaged weights.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>Number of weights taken in since the start.</summary>
    public long Updates { get; private set; }

    /// <summary>Takes the current weights into the average.</summary>
    /// <param name="parameters">The current weights.</param>
    public void Update(ParameterBuffer parameters) => backend.AverageParameters(parameters, NextDecay(), Parameters);

    /// <summary>Counts an update, and gives its decay.</summary>
    internal double NextDecay()
    {
        Updates++;
        return Math.Min(decay, (1.0 + Updates) / (10.0 + Updates));
    }

    /// <summary>Continues an earlier average.</summary>
    /// <param name="values">The averaged weights.</param>
    /// <param name="updates">Number of weights in them.</param>
    public void Restore(ReadOnlySpan<float> values, long updates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(updates);
        Parameters.Write(values);
        Updates = updates;
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
