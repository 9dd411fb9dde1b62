using FlowRatio.Benchmarks.Speed;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>The table of <c>speed</c>.</summary>
internal static class SpeedTable
{
    // Rows around which the ceiling was lower than this were disturbed by something else on the machine.
    private const double DisturbedBelow = 0.9;

    /// <summary>Prints ceilings and rows.</summary>
    public static void Print(SpeedReport report)
    {
        foreach (CeilingReport ceiling in report.Ceilings)
        {
            Console.WriteLine(
                $"Multiply-add ceiling, {ceiling.Threads} thread(s), {report.Machine.InstructionSet}: "
                + $"{ceiling.Gflops:F1} GFLOP/s (p10 {ceiling.P10Gflops:F1}, p90 {ceiling.P90Gflops:F1}).");
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("case");
        foreach (string title in (string[])["ms", "p10", "p90", "GFLOP/s", "of ceiling", "ns/element", "bytes/run", "n"])
        {
            table.AddColumn(title, column => column.Alignment = Justify.Right);
        }

        bool disturbed = false;
        foreach (SpeedRow row in report.Rows)
        {
            bool mark = row.NearbyCeiling < DisturbedBelow;
            disturbed |= mark;
            table.AddRow(
                Markup.Escape(row.Name + (mark ? " *" : string.Empty)),
                Time(row.MedianMs),
                Time(row.P10Ms),
                Time(row.P90Ms),
                row.Gflops?.ToString("F1") ?? string.Empty,
                row.CeilingShare?.ToString("P0") ?? string.Empty,
                row.NanosecondsPerElement?.ToString("F3") ?? string.Empty,
                row.AllocatedBytes.ToString("0.#"),
                row.Repetitions.ToString());
        }

        AnsiConsole.Write(table);
        if (disturbed)
        {
            Console.WriteLine($"* the ceiling next to this case was below {DisturbedBelow:P0} of the run's: something else was running.");
        }
    }

    private static string Time(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "F3" : milliseconds < 1000 ? "F2" : "F0");
}
