using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>One training of the accuracy study: a pair of distributions, a variant, a repetition.</summary>
public sealed class AccuracyCell : GridCell
{
    /// <summary>Describes a cell.</summary>
    /// <param name="pair">The pair's entry in the study.</param>
    /// <param name="dimension">d.</param>
    /// <param name="variant">Name of the set of ideas.</param>
    /// <param name="repetition">From 1.</param>
    /// <param name="options">All that decides the result, the variant's ideas included.</param>
    /// <param name="device">Where it is computed.</param>
    public AccuracyCell(AccuracyTask pair, int dimension, string variant, int repetition, ExperimentOptions options, string device)
        : base("accuracy", pair.Create(dimension), 0, options.Methods.Flow.Count > 0 ? options.Training.Schedule : null, repetition, options, device)
    {
        Pair = pair;
        Variant = variant;
    }

    /// <summary>The pair's entry in the study.</summary>
    public AccuracyTask Pair { get; }

    /// <summary>Name of the set of ideas.</summary>
    public string Variant { get; }

    /// <inheritdoc/>
    public override string Label => $"{Pair.Name} d={Task.Dimension} {Variant} #{Repetition}";

    /// <inheritdoc/>
    protected override string FileStart => $"{Pair.Name}-d{Task.Dimension}-{Variant}";

    /// <inheritdoc/>
    public override IExperiment CreateExperiment() => Task is BlockCorrelationTask correlated
        ? new MutualInformationExperiment(correlated, Options)
        : new KnownRatioExperiment(Pair.Name, Task, Options);

    /// <inheritdoc/>
    protected override SortedDictionary<string, object?> Describe()
    {
        // The variant is its options: its name is for people, and may change without making a finished cell useless.
        SortedDictionary<string, object?> identity = base.Describe();
        identity["pair"] = Pair.Name;
        return identity;
    }
}
