using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// PyTorch's default initialisation of linear layers: weights and biases uniform on +-1/sqrt(inputs)
/// (Kaiming-uniform with a = sqrt 5), here from the counter-based generator.
/// </summary>
public static class LinearInitialization
{
    /// <summary>Initial parameters.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="length">Length of the buffer.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>All parameters in the order of the buffer.</returns>
    public static float[] Uniform(IReadOnlyList<LinearLayer> layers, int length, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(layers);
        float[] parameters = new float[length];
        foreach (LinearLayer layer in layers)
        {
            double bound = 1 / Math.Sqrt(layer.Inputs);
            for (int i = layer.Offset; i < layer.Offset + layer.Length; i++)
            {
                double uniform = Philox.Block(seed, RandomStream.Initialization, (uint)i).Uniform01;
                parameters[i] = (float)(bound * ((2 * uniform) - 1));
            }
        }

        return parameters;
    }
}
