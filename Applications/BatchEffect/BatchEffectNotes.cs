using FlowRatio.Training;

namespace FlowRatio.Applications.BatchEffect;

/// <summary>Types that say little or nothing about batches: those of one batch only, and those with few cells in a batch.</summary>
internal static class BatchEffectNotes
{
    /// <summary>A sentence for each.</summary>
    /// <param name="types">Type of every cell.</param>
    /// <param name="batches">Batch of every cell.</param>
    /// <param name="kept">Numbers of the cells that are trained on.</param>
    public static IReadOnlyList<string> Of(CellCovariate types, CellCovariate batches, IReadOnlyList<int> kept)
    {
        int[,] all = Count(types, batches, Enumerable.Range(0, types.Codes.Count)), trained = Count(types, batches, kept);
        List<string> notes = [];
        for (int type = 0; type < types.Categories.Count; type++)
        {
            int[] present = [.. Enumerable.Range(0, batches.Categories.Count).Where(batch => all[type, batch] > 0)];
            if (present is [var only])
            {
                notes.Add($"'{types.Categories[type]}' is in batch '{batches.Categories[only]}' only: its {all[type, only]} cells tell nothing of batches and count as no effect.");
                continue;
            }

            int[] few = [.. present.Where(batch => trained[type, batch] < TrainingOptions.EnoughRows)];
            if (few.Length > 0)
            {
                notes.Add(
                    $"'{types.Categories[type]}' has {string.Join(", ", few.Select(batch => $"{trained[type, batch]} cells of batch '{batches.Categories[batch]}'"))} for training: "
                    + $"with fewer than {TrainingOptions.EnoughRows} its scores say little.");
            }
        }

        return notes;
    }

    private static int[,] Count(CellCovariate types, CellCovariate batches, IEnumerable<int> cells)
    {
        int[,] counts = new int[types.Categories.Count, batches.Categories.Count];
        foreach (int cell in cells)
        {
            counts[types.Codes[cell], batches.Codes[cell]]++;
        }

        return counts;
    }
}
