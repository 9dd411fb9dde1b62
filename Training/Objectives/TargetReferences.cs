using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Objectives;

/// <summary>The rows over which the targets of a batch are averaged: other rows of the same categories, new ones for every batch.</summary>
internal sealed class TargetReferences : IDisposable
{
    // References come from shuffles of their own, or each batch would have itself among them.
    private const ulong SeedOffset = 0x9E6C63D0876A9A47;

    private readonly ComputeBackend backend;
    private readonly int population;
    private readonly ulong seed;
    private readonly IndexBuffer groups;
    private readonly IndexBuffer rows;
    private readonly IndexBuffer rowGroups;
    private readonly IndexBuffer batchGroups;

    /// <summary>Numbers the combinations of categories and of values of continuous covariates.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="set">The data.</param>
    /// <param name="count">References per batch.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="seed">Seed of training.</param>
    public TargetReferences(ComputeBackend backend, TrainingSet set, int count, int batchSize, ulong seed)
    {
        this.backend = backend;
        population = set.Rows;
        this.seed = unchecked(seed + SeedOffset);
        groups = backend.CreateIndices(set.Rows);
        groups.Write(Groups(set));
        rows = backend.CreateIndices(count);
        rowGroups = backend.CreateIndices(count);
        batchGroups = backend.CreateIndices(batchSize);
    }

    /// <summary>
    /// Averages the targets of a batch. A row whose categories are partly dropped keeps the references of its full combination: its mean target given
    /// x_t is that of a row of that combination, and the network averages over combinations.
    /// </summary>
    /// <param name="schedule">The path.</param>
    /// <param name="data">x_1 of the whole data set.</param>
    /// <param name="batchRows">Rows of the batch.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="batch">Its targets are changed.</param>
    public void Average(PathSchedule schedule, Matrix data, IndexBuffer batchRows, long step, PathBatch batch)
    {
        backend.SelectRows(population, seed, step, rows);
        backend.SelectConditions(groups, rows, 0, 0, seed, step, rowGroups);
        backend.SelectConditions(groups, batchRows, 0, 0, seed, step, batchGroups);
        backend.AverageTargets(schedule, data, batchRows, batchGroups, rows, rowGroups, batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        groups.Dispose();
        rows.Dispose();
        rowGroups.Dispose();
        batchGroups.Dispose();
    }

    private static int[] Groups(TrainingSet set)
    {
        Dictionary<string, int> numbers = [];
        int[] groups = new int[set.Rows];
        for (int r = 0; r < groups.Length; r++)
        {
            string combination = string.Join(',', Enumerable.Range(0, set.Vocabulary.Sizes.Count).Select(i => set.Categories(i)[r]));
            if (!numbers.TryGetValue(combination, out int number))
            {
                number = numbers.Count;
                numbers.Add(combination, number);
            }

            groups[r] = number;
        }

        return groups;
    }
}
