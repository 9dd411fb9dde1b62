using FlowRatio.Engine.Compute;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// Y = f(X W^T + b) as a layer computes it: a plain product without bias and activation, or with its epilogue. Weights stay packed
/// from run to run, as they do in every evaluation, unless <c>repack</c> marks them changed before each, as after an optimiser's step.
/// </summary>
internal sealed class ForwardProduct : ISpeedCase
{
    private readonly ComputeBackend backend;
    private readonly Matrix input;
    private readonly ParameterBuffer parameters;
    private readonly ParameterView weight;
    private readonly ParameterView? bias;
    private readonly Activation activation;
    private readonly StackLayout stack;
    private readonly bool repack;
    private readonly Matrix output;

    /// <summary>Prepares a product of <c>[rows, inputs]</c> with <c>[outputs, inputs]</c>.</summary>
    public ForwardProduct(
        ComputeBackend backend, (int Rows, int Inputs, int Outputs) shape, Epilogue epilogue = Epilogue.None, bool repack = false)
    {
        this.backend = backend;
        this.repack = repack;

        // With tangents: half of the rows are points, half their tangents.
        stack = epilogue == Epilogue.SeluTangent ? new StackLayout(1, 1, 1) : StackLayout.Primal(1);
        int rows = shape.Rows / stack.Segments;
        input = SpeedNetwork.NormalMatrix(backend, rows, shape.Inputs, 0, stack.Segments);
        parameters = backend.CreateParameters((shape.Outputs * shape.Inputs) + shape.Outputs);
        parameters.Write<float>(SpeedNetwork.Normal(parameters.Length, 1, 8));
        weight = new ParameterView(parameters, 0, shape.Outputs, shape.Inputs, shape.Inputs);
        bias = epilogue == Epilogue.None ? null : new ParameterView(parameters, shape.Outputs * shape.Inputs, 1, shape.Outputs, shape.Outputs);
        activation = epilogue == Epilogue.None ? Activation.None : Activation.Selu;
        output = backend.CreateMatrix(rows, shape.Outputs, stack.Segments);
        Work = new SpeedWork(2.0 * shape.Rows * shape.Inputs * shape.Outputs, (double)shape.Rows * shape.Outputs);
    }

    /// <summary>What is done to a tile before it is stored.</summary>
    public enum Epilogue
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Bias and SELU.</summary>
        Selu,

        /// <summary>Bias and SELU on half of the rows, SELU' on the other half.</summary>
        SeluTangent,
    }

    /// <inheritdoc/>
    public SpeedWork Work { get; }

    /// <inheritdoc/>
    public void Run()
    {
        if (repack)
        {
            parameters.MarkChanged();
        }

        backend.Linear(input, weight, bias, activation, stack, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        input.Dispose();
        parameters.Dispose();
        output.Dispose();
    }
}
