using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Backward pass of a layer whose input is a SELU output.</summary>
internal static class LayerGradients
{
    /// <summary>Gradients of a layer's parameters and of its input, all overwritten.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gradients">Gradients.</param>
    /// <param name="dOutput">Gradient of the output.</param>
    /// <param name="input">The SELU output that was the input.</param>
    /// <param name="whitening">Whitens the input in the weight's gradient; null for the plain gradient.</param>
    /// <param name="dInput">Gradient before the SELU.</param>
    public static void LayerBackward(
        this ComputeBackend backend,
        LinearLayer layer,
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        Matrix dOutput,
        Matrix input,
        InputWhitening? whitening,
        Matrix dInput)
    {
        if (whitening is null)
        {
            backend.LinearBackward(
                dOutput, layer.Weight(parameters), input, Activation.Selu, layer.Weight(gradients), layer.Bias(gradients), dInput);
            return;
        }

        backend.LinearBackwardWeights(dOutput, whitening.Apply(), GradientMode.Overwrite, layer.Weight(gradients), layer.Bias(gradients));
        backend.LinearBackwardInput(dOutput, layer.Weight(parameters), input, GradientMode.Overwrite, dInput);
    }
}
