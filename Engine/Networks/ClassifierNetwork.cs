namespace FlowRatio.Engine.Networks;

/// <summary>
/// Structure of a classifier: fully connected layers with SELU and one logit per class. It holds no parameters, only where each layer
/// lies in the flat buffer.
/// </summary>
public sealed class ClassifierNetwork
{
    /// <summary>Lays out a network.</summary>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not valid.</exception>
    public ClassifierNetwork(ClassifierShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        Shape = shape;
        var layers = new LinearLayer[shape.HiddenLayers + 1];
        int width = shape.Dimension;
        for (int i = 0; i < layers.Length; i++)
        {
            // Even numbers, because an activation stands between two layers of a PyTorch Sequential.
            layers[i] = new LinearLayer($"{2 * i}", i < shape.HiddenLayers ? shape.Hidden : shape.Classes, width, ParameterCount);
            ParameterCount = checked(ParameterCount + layers[i].Length);
            width = layers[i].Outputs;
        }

        Layers = layers;
    }

    /// <summary>Sizes.</summary>
    public ClassifierShape Shape { get; }

    /// <summary>All layers in the order of the buffer.</summary>
    public IReadOnlyList<LinearLayer> Layers { get; }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>
    /// Initial parameters: hidden layers as in <see cref="LinearInitialization"/>; the last layer has zero weights and the logarithms of
    /// the class shares as biases, so that training starts from "x says nothing", the best classifier where classes do not differ.
    /// </summary>
    /// <param name="seed">Seed.</param>
    /// <param name="classShares">Share of each class in the training rows, positive.</param>
    /// <returns>All parameters in the order of the buffer.</returns>
    public float[] Initialize(ulong seed, IReadOnlyList<double> classShares)
    {
        ArgumentNullException.ThrowIfNull(classShares);
        float[] parameters = LinearInitialization.Uniform(Layers, ParameterCount, seed);
        LinearLayer last = Layers[^1];
        parameters.AsSpan(last.Offset, last.Outputs * last.Inputs).Clear();
        for (int c = 0; c < last.Outputs; c++)
        {
            parameters[last.BiasOffset + c] = (float)Math.Log(classShares[c]);
        }

        return parameters;
    }
}
