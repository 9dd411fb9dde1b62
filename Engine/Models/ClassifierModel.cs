using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Models;

/// <summary>
/// A trained classifier: network, parameters, standardisation, class shares of its training rows. Immutable and on the host. By Bayes'
/// rule log p(x | a) - log p(x | b) is the difference of two logits minus that of the classes' log shares.
/// </summary>
public sealed class ClassifierModel
{
    private readonly float[] parameters;

    /// <summary>Puts a model together.</summary>
    /// <param name="shape">Sizes of the network.</param>
    /// <param name="parameters">Parameters in the order of <see cref="ClassifierNetwork.Layers"/>.</param>
    /// <param name="standardization">Map from the data's to the network's coordinates, or null for none.</param>
    /// <param name="classShares">Share of each class in the training rows, positive.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public ClassifierModel(
        ClassifierShape shape, float[] parameters, Standardization? standardization, params IReadOnlyList<double> classShares)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(classShares);
        Network = new ClassifierNetwork(shape);
        if (parameters.Length != Network.ParameterCount)
        {
            throw new ArgumentException(
                $"parameters has {parameters.Length} elements; the network has {Network.ParameterCount}.", nameof(parameters));
        }

        if (standardization is not null && standardization.Mean.Length != shape.Dimension)
        {
            throw new ArgumentException(
                $"standardization has {standardization.Mean.Length} coordinates; the network has {shape.Dimension}.", nameof(standardization));
        }

        if (classShares.Count != shape.Classes || classShares.Any(share => !(share > 0)))
        {
            throw new ArgumentException(
                $"classShares is ({string.Join(", ", classShares)}); {shape.Classes} positive numbers are needed.", nameof(classShares));
        }

        this.parameters = (float[])parameters.Clone();
        Standardization = standardization;
        ClassShares = [.. classShares];
    }

    /// <summary>Structure of the network.</summary>
    public ClassifierNetwork Network { get; }

    /// <summary>Parameters in the order of <see cref="ClassifierNetwork.Layers"/>.</summary>
    public ReadOnlySpan<float> Parameters => parameters;

    /// <summary>Map from the data's to the network's coordinates, or null.</summary>
    public Standardization? Standardization { get; }

    /// <summary>Share of each class in the training rows.</summary>
    public IReadOnlyList<double> ClassShares { get; }
}
