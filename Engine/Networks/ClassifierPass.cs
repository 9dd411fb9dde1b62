using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Forward pass of a <see cref="ClassifierNetwork"/>; callers write points into <see cref="Input"/>.</summary>
public class ClassifierPass : IDisposable
{
    private readonly ClassifierNetwork network;

    /// <summary>Allocates the activations.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows (also the capacity).</param>
    public ClassifierPass(ComputeBackend backend, ClassifierNetwork network, int rows)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        this.network = network;
        Backend = backend;
        Input = backend.CreateMatrix(rows, network.Shape.Dimension);
        Outputs = [.. network.Layers.Select(layer => backend.CreateMatrix(rows, layer.Outputs))];
    }

    /// <summary>Points, <c>[1; rows, d]</c>.</summary>
    public Matrix Input { get; }

    /// <summary>Logits of the last forward pass, <c>[1; rows, classes]</c>.</summary>
    public Matrix Logits => Outputs[^1];

    /// <summary>Where the pass computes.</summary>
    private protected ComputeBackend Backend { get; }

    /// <summary>Output of every layer, after its activation.</summary>
    private protected IReadOnlyList<Matrix> Outputs { get; }

    /// <summary>The layers.</summary>
    private protected IReadOnlyList<LinearLayer> Layers => network.Layers;

    /// <summary>Sets the number of rows; the contents become undefined if it changes.</summary>
    /// <param name="rows">Between 1 and the capacity.</param>
    public virtual void Resize(int rows)
    {
        Input.Resize(rows);
        foreach (Matrix output in Outputs)
        {
            output.Resize(rows);
        }
    }

    /// <summary>Evaluates the network.</summary>
    /// <param name="parameters">Parameters.</param>
    public void Forward(ParameterBuffer parameters)
    {
        Matrix input = Input;
        for (int i = 0; i < Layers.Count; i++)
        {
            Activation activation = i < Layers.Count - 1 ? Activation.Selu : Activation.None;
            Backend.Linear(input, Layers[i].Weight(parameters), Layers[i].Bias(parameters), activation, StackLayout.Primal(1), Outputs[i]);
            input = Outputs[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the activations.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Input.Dispose();
            foreach (Matrix output in Outputs)
            {
                output.Dispose();
            }
        }
    }
}
