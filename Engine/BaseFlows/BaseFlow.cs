using System.Collections.Immutable;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.BaseFlows;

/// <summary>
/// Base densities of all conditions, in the network's coordinates: the closed-form part of a flow, u = u_base + u_net and
/// s = s_base + s_net. Immutable and on the host.
/// </summary>
public sealed class BaseFlow
{
    // A table of all combinations of categories is kept while training.
    private const long MostCombinations = 1 << 24;
    private readonly Dictionary<Condition, int> numbers;
    private readonly int categorical;

    /// <summary>Puts a base together.</summary>
    /// <param name="summary">How it was made, in a few words for reports.</param>
    /// <param name="densities">The densities, of one dimension.</param>
    /// <param name="conditions">Conditions with the number of their density.</param>
    /// <param name="pooled">Number of the density of every other condition, the one without any condition among them.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public BaseFlow(
        string summary, IEnumerable<BaseDensity> densities, IEnumerable<KeyValuePair<Condition, int>> conditions, int pooled)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(densities);
        ArgumentNullException.ThrowIfNull(conditions);
        Summary = summary;
        Densities = [.. densities];
        if (Densities.Length == 0 || Densities.Any(density => density.Dimension != Densities[0].Dimension))
        {
            throw new ArgumentException($"{Densities.Length} densities; at least one, all of one dimension, is needed.", nameof(densities));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(pooled);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pooled, Densities.Length);
        Pooled = pooled;
        numbers = new Dictionary<Condition, int>(conditions);
        categorical = numbers.Keys.FirstOrDefault()?.Categories.Count ?? 0;
        foreach ((Condition condition, int number) in numbers)
        {
            if (number < 0 || number >= Densities.Length)
            {
                throw new ArgumentException(
                    $"Condition {condition} has density {number}; there are {Densities.Length}.", nameof(conditions));
            }
        }
    }

    /// <summary>How it was made, in a few words for reports.</summary>
    public string Summary { get; }

    /// <summary>The densities.</summary>
    public ImmutableArray<BaseDensity> Densities { get; }

    /// <summary>Conditions, of the categorical covariates alone, with the number of their density.</summary>
    public IReadOnlyDictionary<Condition, int> Conditions => numbers;

    /// <summary>Number of the density of every condition that is not listed.</summary>
    public int Pooled { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension => Densities[0].Dimension;

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents => Densities.Max(density => density.Components.Length);

    /// <summary>Number of a condition's density; it depends on the categorical covariates, which come first, and not on the continuous ones.</summary>
    /// <param name="condition">The condition.</param>
    public int NumberOf(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return numbers.Count == 0
            ? Pooled
            : numbers.GetValueOrDefault(new Condition([.. condition.Categories.Take(categorical)]), Pooled);
    }

    /// <summary>
    /// The number of the density of every combination of categories: with sizes n_i the combination (c_0, c_1, ...), -1 for a dropped one, is
    /// entry ((c_0 + 1) (n_1 + 1) + c_1 + 1) (n_2 + 1) + ...
    /// </summary>
    /// <param name="covariates">Number of categories of each covariate.</param>
    /// <exception cref="ArgumentException">More combinations than a table can hold.</exception>
    public int[] Table(IReadOnlyList<int> covariates)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        long combinations = covariates.Aggregate(1L, (product, size) => Math.Min(product * (size + 1L), MostCombinations + 1));
        if (combinations > MostCombinations)
        {
            throw new ArgumentException(
                $"Covariates of ({string.Join(", ", covariates)}) categories have too many combinations for a base; use none.",
                nameof(covariates));
        }

        int[] table = new int[combinations];
        Array.Fill(table, Pooled);
        foreach ((Condition condition, int number) in numbers)
        {
            condition.RequireFits(covariates, nameof(covariates));
            int at = 0;
            for (int i = 0; i < covariates.Count; i++)
            {
                at = (at * (covariates[i] + 1)) + condition.Categories[i] + 1;
            }

            table[at] = number;
        }

        return table;
    }
}
