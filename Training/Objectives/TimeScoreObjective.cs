using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Objectives;

/// <summary>A loss whose minimiser is the time score d/dt log p_t(x) of a path from p to q.</summary>
public abstract class TimeScoreObjective : IDisposable
{
    private readonly Matrix weight;
    private readonly Matrix weightSlope;
    private readonly Matrix rootWeight;
    private readonly Accumulator loss;

    /// <summary>Allocates what all objectives need.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="pass">The network's pass; owned by the objective from here on.</param>
    /// <param name="path">Path and weight.</param>
    /// <param name="rows">Pairs per batch.</param>
    private protected TimeScoreObjective(ComputeBackend backend, TimeScoreTrainingPass pass, TimeScorePath path, int rows)
    {
        Backend = backend;
        Pass = pass;
        Path = path;
        using var construction = new Construction(backend);
        weight = backend.CreateMatrix(rows, 1);
        weightSlope = backend.CreateMatrix(rows, 1);
        rootWeight = backend.CreateMatrix(rows, 1);
        loss = backend.CreateAccumulator(1);
        construction.Complete();
    }

    /// <summary>Loss of the last batch; reading it waits for the backend.</summary>
    public double Loss
    {
        get
        {
            Span<double> value = stackalloc double[1];
            loss.Read(0, value);
            return value[0];
        }
    }

    private protected ComputeBackend Backend { get; }

    private protected TimeScoreTrainingPass Pass { get; }

    private protected TimeScorePath Path { get; }

    /// <summary>Makes an objective.</summary>
    /// <param name="kind">Which loss.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network; its output must be per coordinate for CTSM-v and one number otherwise.</param>
    /// <param name="pairs">Training pairs; the caller keeps ownership.</param>
    /// <param name="path">Path and weight.</param>
    /// <param name="rows">Pairs per batch.</param>
    /// <param name="seed">Seed of times and noise.</param>
    /// <exception cref="ArgumentException">Network, pairs, path and loss do not fit together.</exception>
    public static TimeScoreObjective Create(
        TimeScoreLoss kind, ComputeBackend backend, TimeScoreNetwork network, IPairSource pairs, TimeScorePath path, int rows, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (pairs.Dimension != network.Shape.Dimension)
        {
            throw new ArgumentException($"pairs has the dimension {pairs.Dimension}; the network has {network.Shape.Dimension}.", nameof(pairs));
        }

        if (network.Shape.PerCoordinate != (kind == TimeScoreLoss.ConditionalPerCoordinate))
        {
            throw new ArgumentException($"network has {network.Shape.Outputs} outputs, which does not fit the loss {kind}.", nameof(network));
        }

        return kind == TimeScoreLoss.Marginal
            ? new MarginalTimeScoreObjective(backend, network, pairs, path, rows, seed)
            : new ConditionalTimeScoreObjective(backend, network, pairs, path, rows, seed);
    }

    /// <summary>Forward pass and loss on one batch.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="step">Number of the batch: chooses pairs, times and noise.</param>
    public abstract void Forward(ParameterBuffer parameters, long step);

    /// <summary>Gradients of the last batch's loss.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gradients">Overwritten.</param>
    public void Backward(ParameterBuffer parameters, ParameterBuffer gradients) => Pass.Backward(parameters, gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Where a batch's points, times and weights go; points and times straight into the network's input.</summary>
    private protected TimeScoreBatch Batch(Matrix? target) =>
        new(Pass.Points[0], Pass.Times[0], weight, weightSlope, rootWeight, target);

    /// <summary>The accumulator of the loss, series 0.</summary>
    private protected Accumulator LossSum => loss;

    /// <summary>Frees everything.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Pass.Dispose();
            weight.Dispose();
            weightSlope.Dispose();
            rootWeight.Dispose();
            loss.Dispose();
        }
    }
}
