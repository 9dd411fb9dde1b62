using System.Collections.Immutable;

namespace FlowRatio.Engine.Models;

/// <summary>One categorical covariate: its name and the names of its categories.</summary>
public sealed class CovariateVocabulary
{
    /// <summary>Creates a covariate.</summary>
    /// <param name="name">Name.</param>
    /// <param name="categories">Category names in the order of the one-hot input.</param>
    /// <param name="counts">Rows of each category in the data; null when unknown.</param>
    /// <exception cref="ArgumentException">No categories, one twice, or not one count for each.</exception>
    public CovariateVocabulary(string name, IEnumerable<string> categories, IEnumerable<long>? counts = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Categories = [.. categories];
        if (Categories.IsEmpty)
        {
            throw new ArgumentException($"Covariate '{name}' has no categories.", nameof(categories));
        }

        if (Categories.GroupBy(category => category, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Covariate '{name}' has the category '{twice.Key}' twice.", nameof(categories));
        }

        Counts = [.. counts ?? []];
        if (counts is not null && Counts.Length != Categories.Length)
        {
            throw new ArgumentException($"Covariate '{name}' has {Counts.Length} counts for {Categories.Length} categories.", nameof(counts));
        }
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Category names.</summary>
    public ImmutableArray<string> Categories { get; }

    /// <summary>Rows of each category in the data; empty when unknown.</summary>
    public ImmutableArray<long> Counts { get; }

    /// <summary>Number of a category.</summary>
    /// <param name="category">Its name.</param>
    /// <exception cref="ArgumentException">Unknown; the message lists those there are.</exception>
    public int IndexOf(string category)
    {
        int index = Categories.IndexOf(category);
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"Category '{category}' of covariate '{Name}' is unknown; there are: {Describe()}.",
                nameof(category));
    }

    private string Describe() => string.Join(
        ", ", Categories.Select((category, i) => Counts.IsEmpty ? category : $"{category} ({Counts[i]} rows)"));
}
