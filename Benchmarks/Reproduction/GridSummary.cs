using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>Means over the repetitions of a grid.</summary>
public static class GridSummary
{
    /// <summary>One row per task, schedule and method, in the order of the cells.</summary>
    /// <param name="results">Finished cells.</param>
    public static IReadOnlyList<GridRow> Of(IEnumerable<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return
        [
            .. results
                .SelectMany(result => result.Report.Methods.Select(method => (result.Cell, result.Report, Method: method)))
                .GroupBy(entry => (entry.Cell.Task.Dimension, entry.Cell.Difficulty, entry.Cell.Schedule, entry.Method.Name))
                .Select(group => Row(group.Key.Dimension, [.. group])),
        ];
    }

    private static GridRow Row(int dimension, (GridCell Cell, ExperimentReport Report, MethodReport Method)[] entries)
    {
        (GridCell cell, _, MethodReport first) = entries[0];
        return new GridRow(
            dimension,
            cell.Difficulty,
            cell.Schedule,
            first.Name,
            entries.Length,
            MeanError.Of([.. entries.Select(entry => entry.Method.Mse ?? double.NaN)], [.. entries.Select(entry => entry.Method.StdError)]),
            first.AbsError is null ? null : MeanError.Of(
                [.. entries.Select(entry => entry.Method.AbsError ?? double.NaN)],
                [.. entries.Select(entry => entry.Method.EstimateStdError ?? double.NaN)]),
            entries.Average(entry => (entry.Method.Train ?? entry.Report.Train).Seconds),
            entries.Average(entry => entry.Method.Seconds),
            entries.Average(entry => entry.Method.Evaluations));
    }
}
