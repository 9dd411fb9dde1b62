using FlowRatio.Applications;
using FlowRatio.Applications.Combination;
using FlowRatio.Applications.Pages;
using FlowRatio.Reports;
using Spectre.Console;

namespace FlowRatio.Commands.Applications;

/// <summary>What <c>combination</c> prints and writes.</summary>
internal sealed class CombinationReport(IReadOnlyDictionary<string, object?> values, string device, CombinationResult result)
{
    /// <summary>Prints one row per pair.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["pair", "cells", "mean |ratio|", "mean |odds|", "Pearson", "Spearman", "AUC ratio", "AUC odds", "loss ratio", "loss odds"])
        {
            table.AddColumn(title, column => column.Alignment = title == "pair" ? Justify.Left : Justify.Right);
        }

        foreach (CombinationPair pair in result.Pairs)
        {
            table.AddRow(
                Markup.Escape($"{pair.First}, {pair.Second}"),
                $"{pair.Cells + pair.ControlCells}",
                $"{pair.MeanAbsoluteRatio:F3}",
                $"{pair.MeanAbsoluteOdds:F3}",
                $"{pair.Pearson:F3}",
                $"{pair.Spearman:F3}",
                $"{pair.RatioAuc:F3}",
                $"{pair.OddsAuc:F3}",
                $"{pair.RatioLoss:F3}",
                $"{pair.OddsLoss:F3}");
        }

        console.Write(table);
        foreach (string pair in result.LeftOut)
        {
            console.MarkupLine(Markup.Escape($"Left out: {pair}."));
        }

        console.MarkupLine(
            $"Over {result.Pairs.Count} pairs: Pearson {result.Pearson:F3}, Spearman {result.Spearman:F3}, Pearson of ln mean |ratio| {result.PearsonOfLogarithms:F3}. "
            + $"Over cells: Pearson {result.CellPearson:F3}, Spearman {result.CellSpearman:F3}. {result.Seconds:F0} s.");
    }

    /// <summary>The result as it is written.</summary>
    public object ToJson() => new Dictionary<string, object?>
    {
        ["experiment"] = "combination",
        ["options"] = values,
        ["device"] = device,
        ["pairs"] = result.Pairs,
        ["left_out"] = result.LeftOut,
        ["pearson"] = result.Pearson,
        ["spearman"] = result.Spearman,
        ["pearson_of_logarithms"] = result.PearsonOfLogarithms,
        ["cell_pearson"] = result.CellPearson,
        ["cell_spearman"] = result.CellSpearman,
        ["seconds"] = result.Seconds,
    };

    /// <summary>The page.</summary>
    public ReportPage ToPage(CellTable cells, CellCovariate first, CellCovariate second, string control, RunDescription run) =>
        new CombinationPage(cells, first, second, control, result, run).Create();
}
