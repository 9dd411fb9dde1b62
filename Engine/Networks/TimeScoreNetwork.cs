namespace FlowRatio.Engine.Networks;

/// <summary>
/// Structure of the network that learns a time score s(x, t): fully connected layers with ELU on the concatenation of x and the plain
/// time t (Yu et al., 2025). It holds no parameters, only where each layer lies in the flat buffer.
/// </summary>
public sealed class TimeScoreNetwork
{
    /// <summary>Lays out a network.</summary>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not valid.</exception>
    public TimeScoreNetwork(TimeScoreShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        Shape = shape;
        var layers = new LinearLayer[shape.HiddenLayers + 1];
        int width = shape.Dimension + 1;
        for (int i = 0; i < layers.Length; i++)
        {
            // Even numbers, because an activation stands between two layers of a PyTorch Sequential.
            layers[i] = new LinearLayer($"{2 * i}", i < shape.HiddenLayers ? shape.Hidden : shape.Outputs, width, ParameterCount);
            ParameterCount = checked(ParameterCount + layers[i].Length);
            width = layers[i].Outputs;
        }

        Layers = layers;
    }

    /// <summary>Sizes.</summary>
    public TimeScoreShape Shape { get; }

    /// <summary>All layers in the order of the buffer; the input's last column is the time.</summary>
    public IReadOnlyList<LinearLayer> Layers { get; }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Initial parameters (see <see cref="LinearInitialization"/>).</summary>
    /// <param name="seed">Seed.</param>
    /// <returns>All parameters in the order of the buffer.</returns>
    public float[] Initialize(ulong seed) => LinearInitialization.Uniform(Layers, ParameterCount, seed);
}
