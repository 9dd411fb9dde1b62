using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Models.Sections;

/// <summary>The structure of a base in a model file; its numbers are tensors (<see cref="BaseFlowTensors"/>).</summary>
internal sealed record BaseSection
{
    public required string Summary { get; init; }

    /// <summary>Components of each density.</summary>
    public required IReadOnlyList<int> Components { get; init; }

    /// <summary>Factors of each density, their components in the order of the density's; null where every density has one factor of all coordinates.</summary>
    public IReadOnlyList<IReadOnlyList<FactorEntry>>? Factors { get; init; }

    /// <summary>Conditions with the number of their density.</summary>
    public required IReadOnlyList<ConditionEntry> Conditions { get; init; }

    /// <summary>Number of the density of all other conditions.</summary>
    public required int Pooled { get; init; }

    public static BaseSection Of(BaseFlow flow) => new()
    {
        Summary = flow.Summary,
        Components = [.. flow.Densities.Select(density => density.Components.Length)],
        Factors = flow.Densities.All(density => density.Factors.Length == 1)
            ? null
            : [.. flow.Densities.Select(density => (IReadOnlyList<FactorEntry>)
                [.. density.Factors.Select(factor => new FactorEntry([.. factor.Coordinates], factor.Components.Length))])],
        Conditions = [.. flow.Conditions.Select(entry => new ConditionEntry([.. entry.Key.Categories], entry.Value))],
        Pooled = flow.Pooled,
    };

    /// <summary>The conditions that have a density of their own.</summary>
    /// <exception cref="InvalidDataException">An entry that is null.</exception>
    public IEnumerable<KeyValuePair<Condition, int>> ToConditions() => Conditions.Select(entry => entry is { Categories: not null }
        ? KeyValuePair.Create(new Condition([.. entry.Categories]), entry.Density)
        : throw new InvalidDataException("The section 'base' has a condition that is null."));

    /// <summary>The factors of every density.</summary>
    /// <param name="dimension">Dimension of the model.</param>
    /// <exception cref="InvalidDataException">A density without components, or factors that do not fit it.</exception>
    public IReadOnlyList<IReadOnlyList<FactorEntry>> FactorsOf(int dimension)
    {
        if (Components.Any(count => count < 1))
        {
            throw new InvalidDataException("The section 'base' names a density without components.");
        }

        IReadOnlyList<IReadOnlyList<FactorEntry>> factors = Factors ?? [.. Components.Select(count => (IReadOnlyList<FactorEntry>)
            [new FactorEntry([.. Enumerable.Range(0, dimension)], count)])];
        return factors.Count == Components.Count && factors.Zip(Components).All(pair =>
            pair.First is not null && pair.First.All(factor => factor is { Components: >= 1, Coordinates: not null }) && pair.First.Sum(factor => (long)factor.Components) == pair.Second
            && pair.First.SelectMany(factor => factor.Coordinates).Order().SequenceEqual(Enumerable.Range(0, dimension)))
                ? factors
                : throw new InvalidDataException($"The section 'base' has factors that do not fit its densities of {dimension} coordinates.");
    }

    /// <summary>One factor of a density: its coordinates, and how many components it has.</summary>
    internal sealed record FactorEntry(IReadOnlyList<int> Coordinates, int Components);

    /// <summary>One condition.</summary>
    internal sealed record ConditionEntry(IReadOnlyList<int> Categories, int Density);
}
