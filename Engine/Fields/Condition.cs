using System.Collections.Immutable;

namespace FlowRatio.Engine.Fields;

/// <summary>A value of the condition c: one category per covariate, or "dropped" for any of them.</summary>
public sealed class Condition : IEquatable<Condition>
{
    /// <summary>The category of a dropped covariate.</summary>
    public const int Dropped = -1;

    private readonly ImmutableArray<int> categories;

    /// <summary>Creates a condition.</summary>
    /// <param name="categories">One category per covariate; <see cref="Dropped"/> for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A category is below -1.</exception>
    public Condition(params ReadOnlySpan<int> categories)
    {
        foreach (int category in categories)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(category, Dropped, nameof(categories));
        }

        this.categories = [.. categories];
    }

    /// <summary>One category per covariate, or <see cref="Dropped"/>.</summary>
    public IReadOnlyList<int> Categories => categories;

    /// <summary>The condition that drops every covariate.</summary>
    /// <param name="covariates">Number of covariates.</param>
    public static Condition Empty(int covariates) => new(Enumerable.Repeat(Dropped, covariates).ToArray());

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null && categories.AsSpan().SequenceEqual(other.categories.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Condition);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int category in categories)
        {
            hash.Add(category);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        "(" + string.Join(", ", categories.Select(category => category == Dropped ? "*" : category.ToString())) + ")";

    /// <summary>Checks that the condition fits a flow.</summary>
    /// <param name="covariates">Categories per covariate.</param>
    /// <param name="name">Name of the argument for the message.</param>
    /// <exception cref="ArgumentException">Wrong number of covariates, or an unknown category.</exception>
    public void RequireFits(IReadOnlyList<int> covariates, string name)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        if (categories.Length != covariates.Count)
        {
            throw new ArgumentException(
                $"{name} {this} has {categories.Length} covariates; the flow was trained with {covariates.Count}.", name);
        }

        for (int i = 0; i < categories.Length; i++)
        {
            if (categories[i] >= covariates[i])
            {
                throw new ArgumentException(
                    $"{name} {this}: category {categories[i]} of covariate {i} is unknown; there are {covariates[i]} categories.", name);
            }
        }
    }
}
