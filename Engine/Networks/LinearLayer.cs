using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Where one fully connected layer sits in the flat parameter buffer: its weight <c>[Outputs, Inputs]</c>, then its bias.</summary>
/// <param name="Name">Name as in a PyTorch state dict, without ".weight" or ".bias".</param>
/// <param name="Outputs">Output features.</param>
/// <param name="Inputs">Input features.</param>
/// <param name="Offset">Index of the first weight.</param>
public sealed record LinearLayer(string Name, int Outputs, int Inputs, int Offset)
{
    /// <summary>Index of the first bias.</summary>
    public int BiasOffset => checked(Offset + (Outputs * Inputs));

    /// <summary>Number of parameters.</summary>
    public int Length => checked((Outputs * Inputs) + Outputs);

    /// <summary>The weight in a buffer of parameters or gradients.</summary>
    /// <param name="buffer">The buffer.</param>
    public ParameterView Weight(ParameterBuffer buffer) => new(buffer, Offset, Outputs, Inputs, Inputs);

    /// <summary>The bias in a buffer of parameters or gradients, <c>[1, Outputs]</c>.</summary>
    /// <param name="buffer">The buffer.</param>
    public ParameterView Bias(ParameterBuffer buffer) => new(buffer, BiasOffset, 1, Outputs, Outputs);
}
