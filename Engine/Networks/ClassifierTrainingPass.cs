using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Forward and backward pass of a <see cref="ClassifierNetwork"/>.</summary>
public sealed class ClassifierTrainingPass : ClassifierPass
{
    private readonly Matrix[] gradients;

    /// <summary>Allocates activations and their gradients.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows.</param>
    public ClassifierTrainingPass(ComputeBackend backend, ClassifierNetwork network, int rows)
        : base(backend, network, rows)
    {
        gradients = [.. Layers.Select(layer => backend.CreateMatrix(rows, layer.Outputs))];
    }

    /// <summary>Gradient of the loss in <see cref="ClassifierPass.Logits"/>; to be written before <see cref="Backward"/>.</summary>
    public Matrix LogitGradient => gradients[^1];

    /// <inheritdoc/>
    public override void Resize(int rows)
    {
        base.Resize(rows);
        foreach (Matrix gradient in gradients)
        {
            gradient.Resize(rows);
        }
    }

    /// <summary>Gradients of all parameters, overwritten; call after <see cref="ClassifierPass.Forward"/> with the same input.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="parameterGradients">As long as the parameters.</param>
    public void Backward(ParameterBuffer parameters, ParameterBuffer parameterGradients)
    {
        for (int i = Layers.Count - 1; i > 0; i--)
        {
            Backend.LinearBackward(
                gradients[i],
                Layers[i].Weight(parameters),
                Outputs[i - 1],
                Activation.Selu,
                Layers[i].Weight(parameterGradients),
                Layers[i].Bias(parameterGradients),
                gradients[i - 1]);
        }

        Backend.LinearBackwardWeights(
            gradients[0], Input, GradientMode.Overwrite, Layers[0].Weight(parameterGradients), Layers[0].Bias(parameterGradients));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Matrix gradient in gradients)
            {
                gradient.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
