using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Models.Sections;

/// <summary>The structure of a base in a model file; its numbers are tensors (<see cref="BaseFlowTensors"/>).</summary>
internal sealed record BaseSection
{
    public required string Summary { get; init; }

    /// <summary>Components of each density.</summary>
    public required IReadOnlyList<int> Components { get; init; }

    /// <summary>Conditions with the number of their density.</summary>
    public required IReadOnlyList<ConditionEntry> Conditions { get; init; }

    /// <summary>Number of the density of all other conditions.</summary>
    public required int Pooled { get; init; }

    public static BaseSection Of(BaseFlow flow) => new()
    {
        Summary = flow.Summary,
        Components = [.. flow.Densities.Select(density => density.Components.Length)],
        Conditions = [.. flow.Conditions.Select(entry => new ConditionEntry([.. entry.Key.Categories], entry.Value))],
        Pooled = flow.Pooled,
    };

    public IEnumerable<KeyValuePair<Condition, int>> ToConditions() =>
        Conditions.Select(entry => KeyValuePair.Create(new Condition([.. entry.Categories]), entry.Density));

    /// <summary>One condition.</summary>
    internal sealed record ConditionEntry(IReadOnlyList<int> Categories, int Density);
}
