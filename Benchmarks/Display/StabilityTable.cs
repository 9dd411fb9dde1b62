using FlowRatio.Benchmarks.Stability;
using FlowRatio.Reports.Blocks;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>The table at the end of a stability study.</summary>
internal static class StabilityTable
{
    /// <summary>Prints one row per setting of each factor: what the trainings with it had at worst.</summary>
    /// <param name="rows">Finished trainings.</param>
    public static void Print(IReadOnlyList<StabilityRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["setting", "trainings", "failed", "restarts", "worst rise", "last rise", "MSE / that of 0", "raw / that of 0", "worse than 0"])
        {
            table.AddColumn(title, column => column.Alignment = title == "setting" ? Justify.Left : Justify.Right);
        }

        (string Factor, Func<StabilityCell, string> Level)[] factors =
        [
            ("rows", cell => cell.Rows.ToString()), ("dimension", cell => cell.Dimension.ToString()), ("imbalance", cell => $"1:{cell.Imbalance}"),
            ("shape", cell => cell.Shape.ToString()), ("seed", cell => cell.Seed.ToString()),
        ];
        foreach ((string factor, Func<StabilityCell, string> level) in factors)
        {
            foreach (IGrouping<string, StabilityRow> group in rows.GroupBy(row => level(row.Cell)))
            {
                Add(table, $"{factor} {group.Key}", [.. group]);
            }
        }

        Add(table, "all", rows);
        AnsiConsole.Write(table);
    }

    private static void Add(Table table, string setting, IReadOnlyList<StabilityRow> rows)
    {
        StabilityRow[] trained = [.. rows.Where(row => row.Failure is null)];
        string Largest(Func<StabilityRow, double> value) => trained.Length == 0 ? "-" : ReportNumber.Format(trained.Max(value));
        table.AddRow(
            Markup.Escape(setting),
            rows.Count.ToString(),
            (rows.Count - trained.Length).ToString(),
            trained.Sum(row => row.Restarts).ToString(),
            Largest(row => row.WorstExcess),
            Largest(row => row.LastExcess),
            Largest(row => row.Mse / row.MseOfZero),
            Largest(row => row.RawMse / row.MseOfZero),
            trained.Count(row => !row.IsGood).ToString());
    }
}
