using System.Collections.Immutable;
using System.Globalization;

namespace FlowRatio.Engine.Fields;

/// <summary>
/// A value of the condition c: one category per covariate, or "dropped" for any of them. A continuous covariate has the single category 0
/// and a value beside it.
/// </summary>
public sealed class Condition : IEquatable<Condition>
{
    /// <summary>The category of a dropped covariate.</summary>
    public const int Dropped = -1;

    private readonly ImmutableArray<int> categories;
    private readonly ImmutableArray<double> values;

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
        values = [];
    }

    /// <summary>Creates a condition with continuous covariates.</summary>
    /// <param name="categories">One category per covariate; <see cref="Dropped"/> for none, 0 for a continuous one that is there.</param>
    /// <param name="values">One value per covariate, standardised as the network takes it; NaN where there is none.</param>
    /// <exception cref="ArgumentException">Not one value per covariate, an infinite one, or a value of a dropped covariate.</exception>
    public Condition(ReadOnlySpan<int> categories, ReadOnlySpan<double> values)
        : this(categories)
    {
        if (values.Length != categories.Length)
        {
            throw new ArgumentException($"values has {values.Length} entries; categories has {categories.Length}.", nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i]) || (!double.IsNaN(values[i]) && categories[i] != 0))
            {
                throw new ArgumentException($"Covariate {i} has the value {values[i]} and the category {categories[i]}; a finite value with category 0 is needed.", nameof(values));
            }
        }

        this.values = values.ContainsAnyExcept(double.NaN) ? [.. values] : [];
    }

    /// <summary>One category per covariate, or <see cref="Dropped"/>.</summary>
    public IReadOnlyList<int> Categories => categories;

    /// <summary>Value of a continuous covariate, standardised as the network takes it; NaN where there is none.</summary>
    /// <param name="covariate">Number of the covariate.</param>
    public double Value(int covariate) => values.IsEmpty ? double.NaN : values[covariate];

    /// <summary>The condition that drops every covariate.</summary>
    /// <param name="covariates">Number of covariates.</param>
    public static Condition Empty(int covariates) => new(Enumerable.Repeat(Dropped, covariates).ToArray());

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null
        && categories.AsSpan().SequenceEqual(other.categories.AsSpan()) && values.AsSpan().SequenceEqual(other.values.AsSpan());

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

        foreach (double value in values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        "(" + string.Join(", ", categories.Select((category, i) =>
            category == Dropped ? "*" : double.IsNaN(Value(i)) ? category.ToString() : Value(i).ToString("R", CultureInfo.InvariantCulture))) + ")";

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
