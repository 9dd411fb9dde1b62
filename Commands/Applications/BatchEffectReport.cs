using FlowRatio.Applications;
using FlowRatio.Applications.BatchEffect;
using FlowRatio.Applications.Pages;
using FlowRatio.Reports;
using Spectre.Console;

namespace FlowRatio.Commands.Applications;

/// <summary>What <c>batch-effect</c> prints and writes.</summary>
internal sealed class BatchEffectReport(IReadOnlyDictionary<string, object?> values, string device, BatchEffectResult result)
{
    private const int MostNotes = 10;

    private IEnumerable<BatchEffectScore> Scores => [result.Before, result.After, .. result.Null];

    /// <summary>Prints one row per training.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["coordinates", "mean |score|", "information", "permuted", "p", "|score| dropped", "above bound", "seconds"])
        {
            table.AddColumn(title, column => column.Alignment = title == "coordinates" ? Justify.Left : Justify.Right);
        }

        foreach (BatchEffectScore score in Scores)
        {
            table.AddRow(
                Markup.Escape(score.Name),
                $"{score.MeanAbsolute:F4}",
                $"{score.Information:F4}",
                $"{score.PermutedInformation:F4} ± {score.PermutedDeviation:F4}",
                score.P is { } p ? $"{p:F4}" : "-",
                $"{score.DroppedMeanAbsolute:F4}",
                $"{score.AboveBound:P1}",
                $"{score.Seconds:F1}");
        }

        console.Write(table);
        if (result.Before.P is null)
        {
            console.MarkupLine("No p-value: without trainings on permuted labels (--null-trainings) nothing shows what it is where there is no effect.");
        }

        foreach (string note in result.Notes.Take(MostNotes))
        {
            console.MarkupLine(Markup.Escape($"Note: {note}"));
        }

        if (result.Notes.Count > MostNotes)
        {
            console.MarkupLine($"Note: {result.Notes.Count - MostNotes} more types with few cells; --json has all.");
        }

        console.MarkupLine($"{result.Cells.Count} held-out cells. {result.Seconds:F0} s.");
    }

    /// <summary>The result as it is written.</summary>
    public object ToJson() => new Dictionary<string, object?>
    {
        ["experiment"] = "batch-effect",
        ["options"] = values,
        ["device"] = device,
        ["held_out_cells"] = result.Cells.Count,
        ["scores"] = Scores,
        ["sign"] = result.Sign,
        ["notes"] = result.Notes,
        ["seconds"] = result.Seconds,
    };

    /// <summary>The page.</summary>
    public ReportPage ToPage(CellTable cells, CellCovariate types, CellCovariate batches, BatchEffectOptions options, RunDescription run) =>
        new BatchEffectPage(cells, types, batches, options, result, run).Create();
}
