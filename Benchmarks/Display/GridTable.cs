using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports.Blocks;
using Spectre.Console;
using GridRow = FlowRatio.Benchmarks.Reproduction.GridRow;

namespace FlowRatio.Benchmarks.Display;

/// <summary>The table at the end of a reproduction.</summary>
internal static class GridTable
{
    /// <summary>Prints one row per task, schedule and method.</summary>
    /// <param name="grid">What was run.</param>
    /// <param name="rows">Means over repetitions.</param>
    public static void Print(ReproductionGrid grid, IReadOnlyList<GridRow> rows)
    {
        bool isMutualInformation = grid.Experiment == "mi";
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])
                 [
                     "dim", isMutualInformation ? "rho" : "shift", "schedule", "method", "runs", isMutualInformation ? "error of the mean" : "MSE",
                     "published", "training s", "estimation s",
                 ])
        {
            table.AddColumn(title, column => column.Alignment = title is "schedule" or "method" ? Justify.Left : Justify.Right);
        }

        foreach (GridRow row in rows)
        {
            MeanError error = row.AbsError ?? row.Mse;
            table.AddRow(
                row.Dimension.ToString(),
                row.Difficulty.ToString(),
                row.Schedule?.Name ?? string.Empty,
                Markup.Escape(row.Method),
                row.Repetitions.ToString(),
                ReportNumber.WithError(error.Mean, error.StandardError),
                PublishedCounterpart.Of(grid.Experiment, row) is { } published ? ReportNumber.WithError(published.Mean, published.StandardError) : string.Empty,
                ReportNumber.Format(row.TrainSeconds),
                ReportNumber.Format(row.Seconds));
        }

        AnsiConsole.Write(table);
    }
}
