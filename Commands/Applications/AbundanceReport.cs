using FlowRatio.Applications;
using FlowRatio.Applications.Abundance;
using FlowRatio.Applications.Pages;
using FlowRatio.Applications.Statistics;
using FlowRatio.Reports;
using Spectre.Console;

namespace FlowRatio.Commands.Applications;

/// <summary>What <c>abundance</c> prints and writes.</summary>
internal sealed class AbundanceReport(
    IReadOnlyDictionary<string, object?> values, string device, CellCovariate clusters, AbundanceOptions options, AbundanceResult result)
{
    /// <summary>Prints one row per method.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["method", "PR-AUC", "NAR", "CSP", "rho PR-AUC", "rho NAR", "rho CSP", "seconds"])
        {
            table.AddColumn(title, column => column.Alignment = title == "method" ? Justify.Left : Justify.Right);
        }

        foreach (AbundanceSummary summary in result.Summaries(options.HighAbove))
        {
            table.AddRow(
                Markup.Escape(summary.Method),
                Text(summary.PrAuc.HighMean),
                Text(summary.Nar.HighMean),
                Text(summary.Csp.HighMean),
                Text(summary.PrAuc.Spearman),
                Text(summary.Nar.Spearman),
                Text(summary.Csp.Spearman),
                summary.Seconds.ToString("F1"));
        }

        console.Write(table);
        console.MarkupLine(
            $"Means over r > {options.HighAbove} and {options.Seeds.Count} draw(s); rho is Spearman's correlation with the level. {result.Seconds:F0} s.");
    }

    /// <summary>The result as it is written.</summary>
    public object ToJson() => new Dictionary<string, object?>
    {
        ["experiment"] = "abundance",
        ["options"] = values,
        ["device"] = device,
        ["clusters"] = clusters.Categories.Select((name, c) => new Dictionary<string, object?>
        {
            ["name"] = name, ["cells"] = clusters.Count()[c], ["role"] = result.Roles[c].ToString(),
        }),
        ["high_above"] = options.HighAbove,
        ["summary"] = result.Summaries(options.HighAbove),
        ["scores"] = result.Scores,
        ["seconds"] = result.Seconds,
    };

    /// <summary>The page.</summary>
    public ReportPage ToPage(CellTable cells, RunDescription run) => new AbundancePage(cells, clusters, options, result, run).Create();

    private static string Text(MeanAndError value) => double.IsFinite(value.Error) ? $"{value.Mean:F3} ± {value.Error:F3}" : $"{value.Mean:F3}";
}
