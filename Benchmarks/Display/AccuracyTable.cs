using FlowRatio.Benchmarks.Accuracy;
using FlowRatio.Reports.Blocks;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>The table at the end of an accuracy study.</summary>
internal static class AccuracyTable
{
    /// <summary>Prints one row per pair, dimension, variant and method.</summary>
    /// <param name="rows">Means over repetitions.</param>
    public static void Print(IReadOnlyList<AccuracyRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["pair", "dim", "variant", "method", "runs", "error", "target", "bias", "training s"])
        {
            table.AddColumn(title, column => column.Alignment = title is "pair" or "variant" or "method" ? Justify.Left : Justify.Right);
        }

        foreach (AccuracyRow row in rows)
        {
            table.AddRow(
                row.Task,
                row.Dimension.ToString(),
                row.Variant,
                Markup.Escape(row.Method),
                row.Repetitions.ToString(),
                ReportNumber.WithError(row.Error.Mean, row.Error.StandardError),
                AccuracyTarget.Find(row.Task, row.Dimension) is { } target ? ReportNumber.Format(target.Target) : string.Empty,
                ReportNumber.Format(row.Bias),
                ReportNumber.Format(row.TrainSeconds));
        }

        AnsiConsole.Write(table);
    }
}
