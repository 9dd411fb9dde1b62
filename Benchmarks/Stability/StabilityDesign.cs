namespace FlowRatio.Benchmarks.Stability;

/// <summary>
/// A choice of trainings in which every pair of settings of two factors occurs (a covering array of strength two): what depends on two properties of a table is
/// seen, in a few hundred trainings instead of thousands. Small tables, which cost little, fill the rest.
/// </summary>
public static class StabilityDesign
{
    // The tool refuses categories with fewer rows for training.
    private const int FewestRows = 20;
    private const double TrainingShare = 0.9;
    private static readonly int[] Dimensions = [1, 2, 4, 10, 30, 100], Rows = [200, 2000, 20_000, 60_000], Imbalances = [1, 100, 800], Seeds = [1, 2, 3];

    /// <summary>All settings that are possible.</summary>
    public static IReadOnlyList<StabilityCell> Possible() =>
    [
        .. from rows in Rows
           from seed in Seeds
           from imbalance in Imbalances
           from shape in Enum.GetValues<StabilityShape>()
           from dimension in Dimensions
           let cell = new StabilityCell(dimension, rows, imbalance, shape, seed)
           where TrainingShare * cell.FirstRows >= FewestRows
           select cell,
    ];

    /// <summary>Chooses cells: as few as pairs need, found greedily, cheap ones first; then cheap ones up to a number.</summary>
    /// <param name="count">Number of cells; more where the pairs need more.</param>
    public static IReadOnlyList<StabilityCell> Choose(int count)
    {
        List<StabilityCell> possible = [.. Possible()], chosen = [];
        HashSet<(int, int, int, int)> open = [.. possible.SelectMany(Pairs)];
        while (open.Count > 0)
        {
            StabilityCell best = possible.MaxBy(cell => Pairs(cell).Count(open.Contains) / Math.Pow(cell.Rows, 0.25))!;
            open.ExceptWith(Pairs(best));
            chosen.Add(best);
            possible.Remove(best);
        }

        // Of the rest the cheapest, spread over shapes and dimensions by steps that are coprime to their number.
        StabilityCell[] rest = [.. possible.Where(cell => cell.Rows <= Rows[1])];
        for (int i = 0; chosen.Count < count && i < rest.Length; i++)
        {
            chosen.Add(rest[(int)((long)i * 61 % rest.Length)]);
        }

        return [.. chosen.Distinct().OrderBy(cell => cell.Rows)];
    }

    /// <summary>The pairs of settings that a cell has: factor, level, factor, level.</summary>
    internal static IEnumerable<(int, int, int, int)> Pairs(StabilityCell cell)
    {
        int[] levels = cell.Levels;
        for (int a = 0; a < levels.Length; a++)
        {
            for (int b = a + 1; b < levels.Length; b++)
            {
                yield return (a, levels[a], b, levels[b]);
            }
        }
    }
}
