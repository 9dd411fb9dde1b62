using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Models;

/// <summary>
/// Names of a network's tensors in the state dict of the PyTorch implementation (theislab/scRatio, class
/// ConditionalFlowMatchingWithScore), one to one. Its layers stand in Sequentials of Linear, SELU, Dropout, Linear, ...: every third
/// module has weights.
/// </summary>
public static class StateDictionary
{
    internal const string DataEncoder = "data_encoder.encoder";
    internal const string VelocityHead = "vf_mlp.mlp";
    internal const string ScoreHead = "score_mlp.mlp";
    private const int ModulesPerLayer = 3;

    /// <summary>Name of each layer, without ".weight" or ".bias", in the order of <see cref="VelocityScoreNetwork.Layers"/>.</summary>
    /// <param name="network">The network.</param>
    public static IEnumerable<(LinearLayer Layer, string Name)> Names(VelocityScoreNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return
        [
            .. Names(network.DataEncoder, DataEncoder),
            .. network.ConditionEncoders.SelectMany((encoder, i) => Names(encoder, ConditionEncoder(i))),
            .. Names(network.VelocityHead, VelocityHead),
            .. Names(network.ScoreHead, ScoreHead),
        ];
    }

    /// <summary>All parameters as tensors.</summary>
    /// <param name="model">The model.</param>
    public static IEnumerable<SafetensorsTensor> Tensors(FlowModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Names(model.Network).SelectMany(entry => Tensors(entry.Layer, entry.Name, model.Parameters));
    }

    /// <summary>The parameters of a network from a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The file.</param>
    /// <param name="names">Name of each layer.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, or has another shape or a value that is not finite.</exception>
    internal static float[] Read(VelocityScoreNetwork network, SafetensorsFile file, IEnumerable<(LinearLayer Layer, string Name)> names)
    {
        // All shapes first: a header with huge sizes must not take memory before the tensors are there.
        (LinearLayer Layer, string Name)[] checkedNames = [.. names];
        foreach ((LinearLayer layer, string name) in checkedNames)
        {
            file[$"{name}.weight"].RequireShape(layer.Outputs, layer.Inputs);
            file[$"{name}.bias"].RequireShape(layer.Outputs);
        }

        float[] parameters = new float[network.ParameterCount];
        foreach ((LinearLayer layer, string name) in checkedNames)
        {
            file[$"{name}.weight"].ToSingleRounded().CopyTo(parameters, layer.Offset);
            file[$"{name}.bias"].ToSingleRounded().CopyTo(parameters, layer.BiasOffset);
            for (int i = layer.Offset; i < layer.Offset + layer.Length; i++)
            {
                if (!float.IsFinite(parameters[i]))
                {
                    throw new InvalidDataException($"Tensor '{name}.{(i < layer.BiasOffset ? "weight" : "bias")}' has the value {parameters[i]}.");
                }
            }
        }

        return parameters;
    }

    /// <summary>Name of a covariate's encoder.</summary>
    internal static string ConditionEncoder(int covariate) => $"cond_encoders.{covariate}.encoder";

    private static IEnumerable<(LinearLayer Layer, string Name)> Names(IReadOnlyList<LinearLayer> layers, string name) =>
        layers.Select((layer, i) => (layer, $"{name}.{ModulesPerLayer * i}"));

    private static SafetensorsTensor[] Tensors(LinearLayer layer, string name, ReadOnlySpan<float> parameters) =>
    [
        SafetensorsTensor.Of($"{name}.weight", parameters[layer.Offset..layer.BiasOffset], layer.Outputs, layer.Inputs),
        SafetensorsTensor.Of($"{name}.bias", parameters.Slice(layer.BiasOffset, layer.Outputs), layer.Outputs),
    ];
}
