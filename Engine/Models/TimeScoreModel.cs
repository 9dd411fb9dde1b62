using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Models;

/// <summary>A trained time score s(x, t) between two densities: network, parameters, path. Immutable and on the host.</summary>
public sealed class TimeScoreModel
{
    private readonly float[] parameters;

    /// <summary>Puts a model together.</summary>
    /// <param name="shape">Sizes of the network.</param>
    /// <param name="parameters">Parameters in the order of <see cref="TimeScoreNetwork.Layers"/>.</param>
    /// <param name="path">Path of the training.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public TimeScoreModel(TimeScoreShape shape, float[] parameters, TimeScorePath path)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(path);
        Network = new TimeScoreNetwork(shape);
        if (parameters.Length != Network.ParameterCount)
        {
            throw new ArgumentException(
                $"parameters has {parameters.Length} elements; the network has {Network.ParameterCount}.", nameof(parameters));
        }

        this.parameters = (float[])parameters.Clone();
        Path = path;
    }

    /// <summary>Structure of the network.</summary>
    public TimeScoreNetwork Network { get; }

    /// <summary>Parameters in the order of <see cref="TimeScoreNetwork.Layers"/>.</summary>
    public ReadOnlySpan<float> Parameters => parameters;

    /// <summary>Path of the training.</summary>
    public TimeScorePath Path { get; }
}
