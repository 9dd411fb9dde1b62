using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>Means over the repetitions of the accuracy study.</summary>
public static class AccuracySummary
{
    /// <summary>One row per pair, dimension, variant and method, in the order of the cells.</summary>
    /// <param name="results">Finished cells.</param>
    public static IReadOnlyList<AccuracyRow> Of(IEnumerable<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return
        [
            .. results
                .SelectMany(result => result.Report.Methods.Select(method => (Cell: (AccuracyCell)result.Cell, result.Report, Method: method)))
                .GroupBy(entry => (entry.Cell.Pair.Name, entry.Cell.Task.Dimension, entry.Cell.Variant, Method: entry.Method.Name))
                .Select(group => Row([.. group])),
        ];
    }

    private static AccuracyRow Row((AccuracyCell Cell, ExperimentReport Report, MethodReport Method)[] entries)
    {
        (AccuracyCell cell, _, MethodReport first) = entries[0];
        return new AccuracyRow(
            cell.Pair.Name,
            cell.Task.Dimension,
            cell.Variant,
            first.Name,
            entries.Length,
            MeanError.Of([.. entries.Select(entry => entry.Method.Mse ?? double.NaN)], [.. entries.Select(entry => entry.Method.StdError)]),
            first.AbsError is null ? null : MeanError.Of(
                [.. entries.Select(entry => entry.Method.AbsError ?? double.NaN)],
                [.. entries.Select(entry => entry.Method.EstimateStdError ?? double.NaN)]),
            entries.Average(entry => entry.Method.Bias ?? double.NaN),
            entries.Average(entry => (entry.Method.Train ?? entry.Report.Train).Seconds),
            entries.Sum(entry => entry.Method.NonFinite),
            [.. entries.Select(entry => entry.Method.AbsError ?? entry.Method.Mse ?? double.NaN)],
            cell.Schedule is null ? [] : [.. entries.Select(entry => entry.Report.Train.Base ?? "none")]);
    }
}
