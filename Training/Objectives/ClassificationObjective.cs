using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Training.Objectives;

/// <summary>Cross-entropy of a classifier on batches of a data set: mean over rows of -log softmax(y)_c.</summary>
public sealed class ClassificationObjective : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly ulong seed;
    private readonly int population;
    private readonly Matrix data;
    private readonly IndexBuffer classes;
    private readonly IndexBuffer rows;
    private readonly IndexBuffer batchClasses;
    private readonly ClassifierTrainingPass pass;
    private readonly Accumulator loss;

    /// <summary>Puts the data on the backend and allocates one batch.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="points">Row-major <c>[rows, d]</c> in the network's coordinates.</param>
    /// <param name="labels">Class of every row.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="seed">Seed of the shuffles.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together, or a label is not a class.</exception>
    public ClassificationObjective(
        ComputeBackend backend, ClassifierNetwork network, ReadOnlySpan<float> points, ReadOnlySpan<int> labels, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (labels.IsEmpty || points.Length != labels.Length * network.Shape.Dimension)
        {
            throw new ArgumentException(
                $"points has {points.Length} values for {labels.Length} labels; the network has {network.Shape.Dimension} dimensions.", nameof(points));
        }

        foreach (int label in labels)
        {
            if (label < 0 || label >= network.Shape.Classes)
            {
                throw new ArgumentException($"labels has the value {label}; there are {network.Shape.Classes} classes.", nameof(labels));
            }
        }

        this.backend = backend;
        this.seed = seed;
        population = labels.Length;
        using var construction = new Construction(backend);
        data = backend.CreateMatrix(population, network.Shape.Dimension);
        data.Write(points);
        classes = backend.CreateIndices(population);
        classes.Write(labels);
        rows = backend.CreateIndices(batchSize);
        batchClasses = backend.CreateIndices(batchSize);
        pass = new ClassifierTrainingPass(backend, network, batchSize);
        loss = backend.CreateAccumulator(1);
        construction.Complete();
    }

    /// <summary>Loss of the last batch in nats; reading it waits for the backend.</summary>
    public double Loss
    {
        get
        {
            Span<double> value = stackalloc double[1];
            loss.Read(0, value);
            return value[0];
        }
    }

    /// <summary>Forward pass and loss on one batch.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="step">Number of the batch: chooses the rows.</param>
    public void Forward(ParameterBuffer parameters, long step)
    {
        backend.SelectRows(population, seed, step, rows);
        backend.SelectConditions(classes, rows, 0, 0, seed, step, batchClasses);
        backend.GatherRows(data, rows, pass.Input);
        pass.Forward(parameters);
        backend.SoftmaxCrossEntropy(pass.Logits, batchClasses, 0, loss, pass.LogitGradient);
    }

    /// <summary>Gradients of the last batch's loss.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gradients">Overwritten.</param>
    public void Backward(ParameterBuffer parameters, ParameterBuffer gradients) => pass.Backward(parameters, gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        data.Dispose();
        classes.Dispose();
        rows.Dispose();
        batchClasses.Dispose();
        pass.Dispose();
        loss.Dispose();
    }
}
