using System.Collections.Immutable;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Models;

/// <summary>Names of covariates and of their categories, in the order of the network's one-hot inputs; then the continuous covariates.</summary>
public sealed class ConditionVocabulary
{
    /// <summary>Creates a vocabulary.</summary>
    /// <param name="covariates">Covariates in order.</param>
    /// <exception cref="ArgumentException">A name appears twice, or a covariate has no categories.</exception>
    public ConditionVocabulary(params ReadOnlySpan<CovariateVocabulary> covariates)
        : this(covariates, [])
    {
    }

    /// <summary>Creates a vocabulary with continuous covariates.</summary>
    /// <param name="covariates">Categorical covariates in order.</param>
    /// <param name="continuous">Continuous covariates in order.</param>
    /// <exception cref="ArgumentException">A name appears twice.</exception>
    public ConditionVocabulary(ReadOnlySpan<CovariateVocabulary> covariates, ReadOnlySpan<ContinuousCovariate> continuous)
    {
        Covariates = [.. covariates];
        Continuous = [.. continuous];
        if (Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two covariates have the name '{twice.Key}'.", nameof(covariates));
        }
    }

    /// <summary>Categorical covariates in order.</summary>
    public ImmutableArray<CovariateVocabulary> Covariates { get; }

    /// <summary>Continuous covariates, after the categorical ones.</summary>
    public ImmutableArray<ContinuousCovariate> Continuous { get; }

    /// <summary>Names of all covariates, the continuous ones last.</summary>
    public IReadOnlyList<string> Names => [.. Covariates.Select(covariate => covariate.Name), .. Continuous.Select(covariate => covariate.Name)];

    /// <summary>Number of categories of each covariate; 1 for a continuous one.</summary>
    public IReadOnlyList<int> Sizes => [.. Covariates.Select(covariate => covariate.Categories.Length), .. Continuous.Select(_ => 1)];

    /// <summary>The condition of a vocabulary with one covariate.</summary>
    /// <param name="category">Name of the category.</param>
    /// <exception cref="ArgumentException">Unknown category, or several covariates.</exception>
    public Condition Condition(string category) => Names.Count == 1
        ? Condition((Names[0], category))
        : throw new ArgumentException(
            $"'{category}': the flow has {Names.Count} covariates; name each as (covariate, category).", nameof(category));

    /// <summary>A condition by names; covariates that are not named are dropped.</summary>
    /// <param name="assignments">Covariate and category, or the number of a continuous covariate in the units of its data.</param>
    /// <exception cref="ArgumentException">Unknown or repeated covariate, or unknown category.</exception>
    public Condition Condition(params ReadOnlySpan<(string Covariate, string Category)> assignments)
    {
        IReadOnlyList<string> names = Names;
        int[] categories = new int[names.Count];
        double[] values = new double[names.Count];
        Array.Fill(categories, Fields.Condition.Dropped);
        Array.Fill(values, double.NaN);
        foreach ((string covariate, string category) in assignments)
        {
            int index = names.ToList().IndexOf(covariate);
            if (index < 0)
            {
                throw new ArgumentException(
                    $"Covariate '{covariate}' is unknown; there are: {string.Join(", ", names)}.",
                    nameof(assignments));
            }

            if (categories[index] != Fields.Condition.Dropped)
            {
                throw new ArgumentException($"Covariate '{covariate}' is given twice.", nameof(assignments));
            }

            if (index < Covariates.Length)
            {
                categories[index] = Covariates[index].IndexOf(category);
            }
            else
            {
                categories[index] = 0;
                values[index] = Continuous[index - Covariates.Length].Parse(category);
            }
        }

        return new Condition(categories, values);
    }
}
