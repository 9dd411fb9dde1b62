using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// Forward and backward pass of a <see cref="TimeScoreNetwork"/>, also through tangents: with a tangent along t in the stack, losses in
/// ds/dt have gradients in the parameters (forward mode inside, reverse mode outside).
/// </summary>
public sealed class TimeScoreTrainingPass : TimeScorePass
{
    private readonly Matrix[][] inputSegments;
    private readonly Matrix[] gradients;
    private readonly Matrix[][] gradientSegments;

    /// <summary>Allocates activations and their gradients.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows per segment.</param>
    /// <param name="stack">Order of the segments.</param>
    public TimeScoreTrainingPass(ComputeBackend backend, TimeScoreNetwork network, int rows, StackLayout stack)
        : base(backend, network, rows, stack)
    {
        inputSegments = [Segments(Input), .. Outputs.SkipLast(1).Select(Segments)];
        gradients = [.. Layers.Select(layer => backend.CreateMatrix(rows, layer.Outputs, stack.Segments))];
        gradientSegments = [.. gradients.Select(Segments)];
    }

    /// <summary>Gradient of the loss in <see cref="TimeScorePass.Output"/>; to be written before <see cref="Backward"/>.</summary>
    public Matrix OutputGradient => gradients[^1];

    /// <inheritdoc/>
    public override void Resize(int rows)
    {
        base.Resize(rows);
        foreach (Matrix gradient in gradients)
        {
            gradient.Resize(rows);
        }
    }

    /// <summary>Gradients of all parameters, overwritten; call after <see cref="TimeScorePass.Forward"/> with the same input.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="parameterGradients">As long as the parameters.</param>
    public void Backward(ParameterBuffer parameters, ParameterBuffer parameterGradients)
    {
        for (int i = Layers.Count - 1; i >= 0; i--)
        {
            LinearLayer layer = Layers[i];
            for (int segment = 0; segment < Stack.Segments; segment++)
            {
                // A tangent y' = W x' has no bias.
                Backend.LinearBackwardWeights(
                    gradientSegments[i][segment],
                    inputSegments[i][segment],
                    segment == 0 ? GradientMode.Overwrite : GradientMode.Accumulate,
                    layer.Weight(parameterGradients),
                    segment < Stack.PrimalSegments ? layer.Bias(parameterGradients) : null);
                if (i > 0)
                {
                    Backend.LinearBackwardInput(
                        gradientSegments[i][segment], layer.Weight(parameters), null, GradientMode.Overwrite, gradientSegments[i - 1][segment]);
                }
            }

            if (i > 0)
            {
                Backend.ActivationBackward(Outputs[i - 1], Activation.Elu, Stack, gradients[i - 1]);
            }
        }
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
