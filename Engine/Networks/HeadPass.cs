using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Forward and backward pass of one head on a training batch; keeps every layer's output for the backward pass.</summary>
internal sealed class HeadPass : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly IReadOnlyList<LinearLayer> layers;
    private readonly Matrix[] outputs;

    /// <summary>Allocates the activations.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="layers">The head's layers.</param>
    /// <param name="rows">Rows per batch.</param>
    /// <param name="whitening">Damping with which inputs behind the first layer are whitened in weight gradients; null for not at all.</param>
    public HeadPass(ComputeBackend backend, IReadOnlyList<LinearLayer> layers, int rows, double? whitening = null)
    {
        this.backend = backend;
        this.layers = layers;
        outputs = [.. layers.Select(layer => backend.CreateMatrix(rows, layer.Outputs))];
        Whitenings = whitening is { } damping ? [.. outputs.SkipLast(1).Select(output => new InputWhitening(backend, output, damping))] : [];
    }

    /// <summary>Whitening of the input of every layer but the first, in order; none where inputs are not whitened.</summary>
    public IReadOnlyList<InputWhitening> Whitenings { get; }

    /// <summary>The head's output, <c>[rows, dimension]</c>.</summary>
    public Matrix Output => outputs[^1];

    public void Forward(ParameterBuffer parameters, Matrix features)
    {
        Matrix input = features;
        for (int i = 0; i < layers.Count; i++)
        {
            Activation activation = i < layers.Count - 1 ? Activation.Selu : Activation.None;
            backend.Linear(
                input, layers[i].Weight(parameters), layers[i].Bias(parameters), activation, StackLayout.Primal(1), outputs[i]);
            input = outputs[i];
        }
    }

    /// <summary>Backward pass; the gradient of the leading columns of the features is overwritten or accumulated.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gradients">Gradients of this head's layers, overwritten.</param>
    /// <param name="features">The input of the forward pass, whitened where inputs are whitened.</param>
    /// <param name="dOutput">Gradient of the output.</param>
    /// <param name="scratch">Two matrices <c>[rows, hidden]</c>.</param>
    /// <param name="mode">For <paramref name="dFeatures"/>.</param>
    /// <param name="dFeatures">Gradient of as many leading feature columns as it has.</param>
    public void Backward(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        Matrix features,
        Matrix dOutput,
        (Matrix First, Matrix Second) scratch,
        GradientMode mode,
        Matrix dFeatures)
    {
        Matrix dCurrent = dOutput;
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            LinearLayer layer = layers[i];
            Matrix input = i == 0 ? features : outputs[i - 1];
            if (i == 0)
            {
                backend.LinearBackwardWeights(
                    dCurrent, input, GradientMode.Overwrite, layer.Weight(gradients), layer.Bias(gradients));
                break;
            }

            Matrix dInput = ReferenceEquals(dCurrent, scratch.First) ? scratch.Second : scratch.First;
            backend.LayerBackward(layer, parameters, gradients, dCurrent, input, Whitenings.Count == 0 ? null : Whitenings[i - 1], dInput);
            dCurrent = dInput;
        }

        ParameterView weight = layers[0].Weight(parameters).SliceColumns(0, dFeatures.Columns);
        backend.LinearBackwardInput(dCurrent, weight, null, mode, dFeatures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in (IEnumerable<IDisposable>)[.. outputs, .. Whitenings])
        {
            part.Dispose();
        }
    }
}
