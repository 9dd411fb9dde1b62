using System.Collections.Immutable;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Models;

/// <summary>Names of covariates and of their categories, in the order of the network's one-hot inputs.</summary>
public sealed class ConditionVocabulary
{
    /// <summary>Creates a vocabulary.</summary>
    /// <param name="covariates">Covariates in order.</param>
    /// <exception cref="ArgumentException">A name appears twice, or a covariate has no categories.</exception>
    public ConditionVocabulary(params ReadOnlySpan<CovariateVocabulary> covariates)
    {
        Covariates = [.. covariates];
        if (Covariates.GroupBy(covariate => covariate.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two covariates have the name '{twice.Key}'.", nameof(covariates));
        }
    }

    /// <summary>Covariates in order.</summary>
    public ImmutableArray<CovariateVocabulary> Covariates { get; }

    /// <summary>Number of categories of each covariate.</summary>
    public IReadOnlyList<int> Sizes => [.. Covariates.Select(covariate => covariate.Categories.Length)];

    /// <summary>The condition of a vocabulary with one covariate.</summary>
    /// <param name="category">Name of the category.</param>
    /// <exception cref="ArgumentException">Unknown category, or several covariates.</exception>
    public Condition Condition(string category) => Covariates.Length == 1
        ? Condition((Covariates[0].Name, category))
        : throw new ArgumentException(
            $"'{category}': the flow has {Covariates.Length} covariates; name each as (covariate, category).", nameof(category));

    /// <summary>A condition by names; covariates that are not named are dropped.</summary>
    /// <param name="assignments">Covariate and category.</param>
    /// <exception cref="ArgumentException">Unknown or repeated covariate, or unknown category.</exception>
    public Condition Condition(params ReadOnlySpan<(string Covariate, string Category)> assignments)
    {
        int[] categories = new int[Covariates.Length];
        Array.Fill(categories, Fields.Condition.Dropped);
        foreach ((string covariate, string category) in assignments)
        {
            int index = Covariates.Select(c => c.Name).ToList().IndexOf(covariate);
            if (index < 0)
            {
                throw new ArgumentException(
                    $"Covariate '{covariate}' is unknown; there are: {string.Join(", ", Covariates.Select(c => c.Name))}.",
                    nameof(assignments));
            }

            if (categories[index] != Fields.Condition.Dropped)
            {
                throw new ArgumentException($"Covariate '{covariate}' is given twice.", nameof(assignments));
            }

            categories[index] = Covariates[index].IndexOf(category);
        }

        return new Condition(categories);
    }
}
