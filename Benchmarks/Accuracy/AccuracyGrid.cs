using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>What the accuracy study runs: every combination of pair, dimension, variant and repetition.</summary>
/// <param name="Tasks">Pairs of distributions.</param>
/// <param name="Dimensions">Dimensions for all pairs; null for those of the study.</param>
/// <param name="Variants">Sets of ideas, and methods that are not ours.</param>
/// <param name="Repetitions">Number of repetitions, each with its own data, training and probes.</param>
/// <param name="Options">Sizes before a variant changes them; the seed is that of the whole study.</param>
/// <param name="Device">Where it is computed.</param>
public sealed record AccuracyGrid(
    IReadOnlyList<AccuracyTask> Tasks,
    IReadOnlyList<int>? Dimensions,
    IReadOnlyList<AccuracyVariant> Variants,
    int Repetitions,
    ExperimentOptions Options,
    string Device)
{
    /// <summary>The cells: all of the first repetition, then all of the next, so that an early page already shows the whole study.</summary>
    public IReadOnlyList<AccuracyCell> Cells() =>
    [
        .. from repetition in Enumerable.Range(1, Repetitions)
           from task in Tasks
           from dimension in Dimensions ?? task.Dimensions
           from variant in Variants
           select new AccuracyCell(
               task, dimension, variant.Name, repetition, variant.Apply(Options.WithSeed(ReproductionGrid.CellSeed(Options.Seed, repetition))), Device),
    ];
}
