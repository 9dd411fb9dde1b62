using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>The two products of a layer's backward pass: data gradient dX = dY W, or weight gradient dW = dY^T X.</summary>
internal sealed class BackwardProduct : ISpeedCase
{
    private readonly ComputeBackend backend;
    private readonly bool ofWeights;
    private readonly Matrix input;
    private readonly Matrix dOutput;
    private readonly Matrix dInput;
    private readonly ParameterBuffer parameters;
    private readonly ParameterBuffer gradients;
    private readonly ParameterView weight;

    /// <summary>Prepares the gradients of a layer <c>[outputs, inputs]</c> on <c>rows</c> rows.</summary>
    public BackwardProduct(ComputeBackend backend, (int Rows, int Inputs, int Outputs) shape, bool ofWeights)
    {
        this.backend = backend;
        this.ofWeights = ofWeights;
        input = SpeedNetwork.NormalMatrix(backend, shape.Rows, shape.Inputs, 0);
        dOutput = SpeedNetwork.NormalMatrix(backend, shape.Rows, shape.Outputs, 4);
        dInput = backend.CreateMatrix(shape.Rows, shape.Inputs);
        parameters = backend.CreateParameters(shape.Outputs * shape.Inputs);
        parameters.Write<float>(SpeedNetwork.Normal(parameters.Length, 1, 8));
        gradients = backend.CreateParameters(parameters.Length);
        weight = new ParameterView(parameters, 0, shape.Outputs, shape.Inputs, shape.Inputs);
        Work = new SpeedWork(2.0 * shape.Rows * shape.Inputs * shape.Outputs);
    }

    /// <inheritdoc/>
    public SpeedWork Work { get; }

    /// <inheritdoc/>
    public void Run()
    {
        if (ofWeights)
        {
            backend.LinearBackwardWeights(dOutput, input, GradientMode.Overwrite, weight with { Buffer = gradients }, null);
        }
        else
        {
            backend.LinearBackwardInput(dOutput, weight, null, GradientMode.Overwrite, dInput);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        input.Dispose();
        dOutput.Dispose();
        dInput.Dispose();
        parameters.Dispose();
        gradients.Dispose();
    }
}
