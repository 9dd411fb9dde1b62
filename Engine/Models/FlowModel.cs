using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Models;

/// <summary>A trained flow: network, parameters, schedule, names of conditions, preprocessing. Immutable and on the host.</summary>
public sealed class FlowModel
{
    private readonly float[] parameters;

    /// <summary>Puts a model together.</summary>
    /// <param name="shape">Sizes of the network.</param>
    /// <param name="parameters">Parameters in the order of <see cref="VelocityScoreNetwork.Layers"/>.</param>
    /// <param name="schedule">Path schedule of the training.</param>
    /// <param name="vocabulary">Names of conditions.</param>
    /// <param name="standardization">Map from data to the network's coordinates, or null.</param>
    /// <param name="baseFlow">Base under the network, in the network's coordinates; or null.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public FlowModel(
        NetworkShape shape,
        float[] parameters,
        PathSchedule schedule,
        ConditionVocabulary vocabulary,
        Standardization? standardization = null,
        BaseFlow? baseFlow = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(vocabulary);
        Network = new VelocityScoreNetwork(shape);
        if (parameters.Length != Network.ParameterCount)
        {
            throw new ArgumentException(
                $"parameters has {parameters.Length} elements; the network has {Network.ParameterCount}.", nameof(parameters));
        }

        if (!vocabulary.Sizes.SequenceEqual(shape.Covariates))
        {
            throw new ArgumentException(
                $"vocabulary has covariates of ({string.Join(", ", vocabulary.Sizes)}) categories; the network has ({string.Join(", ", shape.Covariates)}).",
                nameof(vocabulary));
        }

        if (vocabulary.Continuous.Length != shape.ContinuousCovariates)
        {
            throw new ArgumentException(
                $"vocabulary has {vocabulary.Continuous.Length} continuous covariates; the network has {shape.ContinuousCovariates}.", nameof(vocabulary));
        }

        if (standardization is not null && standardization.Mean.Length != shape.Dimension)
        {
            throw new ArgumentException(
                $"standardization has {standardization.Mean.Length} coordinates; the network has {shape.Dimension}.",
                nameof(standardization));
        }

        if (baseFlow is not null && baseFlow.Dimension != shape.Dimension)
        {
            throw new ArgumentException(
                $"baseFlow has {baseFlow.Dimension} coordinates; the network has {shape.Dimension}.", nameof(baseFlow));
        }

        foreach (Condition condition in baseFlow?.Conditions.Keys ?? [])
        {
            condition.RequireFits(shape.Categorical, nameof(baseFlow));
        }

        this.parameters = (float[])parameters.Clone();
        Schedule = schedule;
        Vocabulary = vocabulary;
        Standardization = standardization;
        Base = baseFlow;
    }

    /// <summary>Structure of the network.</summary>
    public VelocityScoreNetwork Network { get; }

    /// <summary>Parameters in the order of <see cref="VelocityScoreNetwork.Layers"/>.</summary>
    public ReadOnlySpan<float> Parameters => parameters;

    /// <summary>Path schedule of the training.</summary>
    public PathSchedule Schedule { get; }

    /// <summary>Names of conditions.</summary>
    public ConditionVocabulary Vocabulary { get; }

    /// <summary>Map from data to the network's coordinates, or null for none.</summary>
    public Standardization? Standardization { get; }

    /// <summary>Base under the network (u = u_base + u_net, s = s_base + s_net), or null for none.</summary>
    public BaseFlow? Base { get; }

    /// <summary>
    /// Share of each score to take from the velocity where the caller does not say (<see cref="Estimation.EstimationOptions.ImpliedScore"/>), in [0, 1]; null
    /// for what suits the flow. A model of another program is evaluated as there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number outside [0, 1].</exception>
    public double? ImpliedScore
    {
        get;
        init => field = value is null or (>= 0 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ImpliedScore), value, $"ImpliedScore is {value}; a share between 0 and 1 is needed.");
    }

    /// <summary>Dimension of the data.</summary>
    public int Dimension => Network.Shape.Dimension;

    /// <inheritdoc cref="ConditionVocabulary.Condition(string)"/>
    public Condition Condition(string category) => Vocabulary.Condition(category);

    /// <inheritdoc cref="ConditionVocabulary.Condition(ReadOnlySpan{ValueTuple{string, string}})"/>
    public Condition Condition(params ReadOnlySpan<(string Covariate, string Category)> assignments) =>
        Vocabulary.Condition(assignments);
}
