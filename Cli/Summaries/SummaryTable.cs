using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Terminal;
using Spectre.Console;

namespace FlowRatio.Cli.Summaries;

/// <summary>The table at the end of an estimation.</summary>
internal static class SummaryTable
{
    private const int MostGroups = 20;

    /// <summary>Prints it.</summary>
    public static void Print(EstimateOutcome outcome, IAnsiConsole console)
    {
        EstimateSummary summary = outcome.Summary;
        console.WriteLine($"{outcome.Quantity.Formula}, in nats ({outcome.Integration})");
        IReadOnlyList<(string Group, double[] Sorted)> groups = summary.Groups();
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn(Markup.Escape(outcome.Labels.GroupColumn ?? "rows"))
            .AddColumns(
                Right(summary.IsWhole ? "rows" : "rows (sample)"), Right("mean"), Right("5 %"), Right("median"), Right("95 %"), Right("share above 0"));
        foreach ((string group, double[] sorted) in groups.Take(MostGroups))
        {
            AddRow(table, group, sorted);
        }

        if (groups.Count > MostGroups)
        {
            table.AddRow($"... {groups.Count} groups in all");
        }

        if (groups.Count != 1)
        {
            AddRow(table, "all", [.. summary.Kept.Select(row => row.Value).Where(double.IsFinite).Order()]);
        }

        console.Write(table);
        if (outcome.Area is { } statement)
        {
            if (statement.Area is { } area)
            {
                console.WriteLine(
                    $"AUC of the {outcome.Quantity.Name} on {statement.Rows}: {area.Text()} ({area.Numerator:#,0} of the numerator, {area.Denominator:#,0} of the denominator).");
            }

            if (statement.Note is not null)
            {
                console.WriteLine(statement.Note);
            }
        }

        if (NoiseDeviation.IsMany(summary.Outside, summary.Rows))
        {
            console.WriteLine(
                $"{summary.Outside:#,0} {(summary.Outside == 1 ? "row lies" : "rows lie")} outside of what the training saw ({(double)summary.Outside / summary.Rows:0.0%}; "
                + $"{outcome.Columns.Deviation} above {summary.DeviationLimit:0.0}, by chance 1 in {1 / NoiseDeviation.Chance:#,0}): extrapolation.");
        }

        for (int i = 1; i < summary.Statuses.Count; i++)
        {
            if (summary.Statuses[i] > 0)
            {
                console.WriteLine($"{summary.Statuses[i]:#,0} rows have the status {StatusText.All[i]}.");
            }
        }

        double seconds = Math.Max(outcome.Duration.TotalSeconds, 1e-3);
        console.WriteLine(
            $"{outcome.Output}: {summary.Rows:#,0} rows in {ProgressLine.Duration(outcome.Duration)} ({summary.Rows / seconds:#,0} rows/s)"
            + (summary.Evaluations > 0 ? $", {summary.Evaluations:0.#} evaluations per row." : "."));
    }

    private static void AddRow(Table table, string name, double[] sorted) => table.AddRow(
        Markup.Escape(name),
        $"{sorted.Length:#,0}",
        Number(sorted.Length == 0 ? double.NaN : sorted.Average()),
        Number(Quantiles.Of(sorted, 0.05)),
        Number(Quantiles.Of(sorted, 0.5)),
        Number(Quantiles.Of(sorted, 0.95)),
        sorted.Length == 0 ? "-" : $"{sorted.Count(value => value > 0) / (double)sorted.Length:0.0%}");

    private static string Number(double value) => double.IsNaN(value) ? "-" : $"{value:0.000}";

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();
}
