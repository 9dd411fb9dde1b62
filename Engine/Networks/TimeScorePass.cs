using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// Forward pass of a <see cref="TimeScoreNetwork"/> on a stack of points, and of their tangents where the stack has some. Callers write
/// points and times into views of the input.
/// </summary>
public class TimeScorePass : IDisposable
{
    private readonly TimeScoreNetwork network;

    /// <summary>Allocates the activations.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows per segment (also the capacity).</param>
    /// <param name="stack">Order of the segments.</param>
    public TimeScorePass(ComputeBackend backend, TimeScoreNetwork network, int rows, StackLayout stack)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        this.network = network;
        Backend = backend;
        Stack = stack;
        int dimension = network.Shape.Dimension;
        Input = backend.CreateMatrix(rows, dimension + 1, stack.Segments);
        Points = [.. Segments(Input).Select(segment => segment.ViewColumns(0, dimension))];
        Times = [.. Segments(Input).Select(segment => segment.ViewColumns(dimension, 1))];
        Outputs = [.. network.Layers.Select(layer => backend.CreateMatrix(rows, layer.Outputs, stack.Segments))];
    }

    /// <summary>Order of the segments.</summary>
    public StackLayout Stack { get; }

    /// <summary>Per segment the columns of x, <c>[1; rows, d]</c>.</summary>
    public IReadOnlyList<Matrix> Points { get; }

    /// <summary>Per segment the column of t, <c>[1; rows, 1]</c>.</summary>
    public IReadOnlyList<Matrix> Times { get; }

    /// <summary>Output of the last forward pass, <c>[segments; rows, outputs]</c>.</summary>
    public Matrix Output => Outputs[^1];

    /// <summary>Where the pass computes.</summary>
    private protected ComputeBackend Backend { get; }

    /// <summary>Points and times, <c>[segments; rows, d + 1]</c>.</summary>
    private protected Matrix Input { get; }

    /// <summary>Output of every layer.</summary>
    private protected IReadOnlyList<Matrix> Outputs { get; }

    /// <summary>The layers.</summary>
    private protected IReadOnlyList<LinearLayer> Layers => network.Layers;

    /// <summary>Sets the number of rows per segment; the contents become undefined if it changes.</summary>
    /// <param name="rows">Between 1 and the capacity.</param>
    public virtual void Resize(int rows)
    {
        Input.Resize(rows);
        foreach (Matrix output in Outputs)
        {
            output.Resize(rows);
        }
    }

    /// <summary>Evaluates the network on the whole stack.</summary>
    /// <param name="parameters">Parameters.</param>
    public void Forward(ParameterBuffer parameters)
    {
        Matrix input = Input;
        for (int i = 0; i < Layers.Count; i++)
        {
            Activation activation = i < Layers.Count - 1 ? Activation.Elu : Activation.None;
            Backend.Linear(input, Layers[i].Weight(parameters), Layers[i].Bias(parameters), activation, Stack, Outputs[i]);
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

    /// <summary>The segments of a stack, one view each.</summary>
    private protected Matrix[] Segments(Matrix stacked) =>
        [.. Enumerable.Range(0, Stack.Segments).Select(segment => stacked.ViewSegments(segment, 1))];
}
