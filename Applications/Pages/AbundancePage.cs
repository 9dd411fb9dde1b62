using FlowRatio.Applications.Abundance;
using FlowRatio.Applications.Statistics;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>The page of a run of the semi-synthetic protocol.</summary>
/// <param name="cells">The cells.</param>
/// <param name="clusters">Their clusters.</param>
/// <param name="options">The run's options.</param>
/// <param name="result">Its result.</param>
/// <param name="run">What was run.</param>
public sealed class AbundancePage(CellTable cells, CellCovariate clusters, AbundanceOptions options, AbundanceResult result, RunDescription run)
{
    private const string Truth = "truth";
    private static readonly Dictionary<string, SeriesStyle> Styles = new SeriesStyle[]
    {
        new(AbundanceMethod.Flow, SeriesColor.Violet, SeriesShape.Circle),
        new(AbundanceMethod.Meld, SeriesColor.Orange, SeriesShape.TriangleUp),
        new(AbundanceMethod.Classifier, SeriesColor.Green, SeriesShape.Square),
        new(AbundanceMethod.CrossFitted, SeriesColor.Olive, SeriesShape.Diamond),
        new(AbundanceMethod.Neighbors, SeriesColor.Pink, SeriesShape.TriangleDown),
        new(AbundanceMethod.Truth, SeriesColor.Gray, SeriesShape.Cross) { IsReference = true },
    }.ToDictionary(style => style.Name);

    private readonly IReadOnlyList<AbundanceSummary> summaries = result.Summaries(options.HighAbove);

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage(
            "Differential abundance",
            $"{ReportNumber.Whole(cells.Cells)} real cells of {run.File}; treatment drawn per cell, so that some clusters are treated more or less often. "
            + "Which method finds their cells?")
        {
            Kicker = "FlowRatio · abundance",
            Summary = [KeyNumbers()],
        };
        page.Add("Results", Table(), ByLevel(), Published());
        page.Add("Cell by cell", Embedding(), Distributions());
        page.Add("The task", Roles(), new Paragraph(
            "In a cluster of share P(treated) the true log p(x | treated) - log p(x | control) is its log-odds minus those of all cells, so it is not zero in "
            + "unchanged clusters as soon as the numbers of treated and control cells differ; the row 'truth' shows what an exact log-ratio scores. "
            + "Its PR-AUC and CSP are 1 where the changes are larger than that; its NAR is finite below r = 1/2."));
        page.Add("What was run", run.Blocks());
        return page;
    }

    private KeyFigures KeyNumbers()
    {
        KeyFigure Best(string label, Func<AbundanceSummary, MeanAndError> metric)
        {
            AbundanceSummary best = summaries.Where(summary => summary.Method != Truth).MaxBy(summary => metric(summary).Mean)!;
            return new KeyFigure(label, Text(metric(best)), best.Method);
        }

        return new KeyFigures(
            Best("Largest PR-AUC, high levels", summary => summary.PrAuc.HighMean),
            Best("Largest NAR, high levels", summary => summary.Nar.HighMean),
            Best("Largest CSP, high levels", summary => summary.Csp.HighMean),
            new KeyFigure("Whole run", ReportNumber.Duration(result.Seconds), $"{options.Seeds.Count} draws of {options.Levels.Count} levels"));
    }

    private ReportTable Table() => new(
        $"Means over levels r > {options.HighAbove} (PR-AUC, NAR, CSP) and Spearman's correlation of each metric with the level (ρ), with standard errors over "
        + $"{options.Seeds.Count} draws of labels. Every method sees the same draws.",
        [
            new("method", IsNumber: false), new("PR-AUC"), new("NAR"), new("CSP"), new("ρ PR-AUC"), new("ρ NAR"), new("ρ CSP"), new("time"),
        ],
        [
            .. summaries.Select(summary => new ReportCell[]
            {
                Styles[summary.Method],
                Cell(summary, s => s.PrAuc.HighMean),
                Cell(summary, s => s.Nar.HighMean),
                Cell(summary, s => s.Csp.HighMean),
                Text(summary.PrAuc.Spearman),
                Text(summary.Nar.Spearman),
                Text(summary.Csp.Spearman),
                summary.Method == Truth ? string.Empty : ReportNumber.Duration(summary.Seconds),
            }),
        ]);

    private ReportCell Cell(AbundanceSummary summary, Func<AbundanceSummary, MeanAndError> metric)
    {
        double best = summaries.Where(other => other.Method != Truth).Max(other => metric(other).Mean);
        return new ReportCell(Text(metric(summary)), IsStrong: summary.Method != Truth && metric(summary).Mean == best);
    }

    private Figure ByLevel()
    {
        string caption = "Metrics against the level r; error bars are standard errors over draws. At r = 0 there is nothing to find: PR-AUC is the share of "
            + "cells in changed clusters, and NAR is 1 for a fair score.";
        LineChart Chart(string title, Func<AbundanceMetrics, double> metric) => new(
            new Axis("level r"),
            new Axis(title),
            [
                .. summaries.Select(summary => new LineSeries(
                    Styles[summary.Method],
                    [
                        .. result.Scores.Where(score => score.Method == summary.Method).GroupBy(score => score.Level).OrderBy(group => group.Key)
                            .Select(group => (group.Key, Value: MeanAndError.Of([.. group.Select(score => metric(score.Metrics))])))
                            .Where(point => double.IsFinite(point.Value.Mean))
                            .Select(point => LinePoint.WithError(point.Key, point.Value.Mean, double.IsFinite(point.Value.Error) ? point.Value.Error : null)),
                    ])),
            ],
            $"Lines of {title} against the level, one per method.") { Title = title };
        return new Figure(
            caption,
            [Chart("PR-AUC", metrics => metrics.PrAuc), Chart("NAR", metrics => metrics.Nar), Chart("CSP", metrics => metrics.Csp)],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("level"), new("PR-AUC"), new("NAR"), new("CSP"), new("error, rms (nats)"), new("correlation with the truth")],
                [
                    .. result.Scores.GroupBy(score => (score.Method, score.Level)).Select(group => new ReportCell[]
                    {
                        Styles[group.Key.Method],
                        ReportNumber.Format(group.Key.Level),
                        ReportNumber.Format(group.Average(score => score.Metrics.PrAuc)),
                        ReportNumber.Format(group.Average(score => score.Metrics.Nar)),
                        ReportNumber.Format(group.Average(score => score.Metrics.Csp)),
                        ReportNumber.Format(group.Average(score => score.RootMeanSquareError)),
                        ReportNumber.Format(group.Average(score => score.Correlation)),
                    }),
                ])) { PanelWidth = 260 };
    }

    private ReportTable Published()
    {
        bool isSame = cells.Cells == PublishedAbundance.Cells && clusters.Categories.Count == PublishedAbundance.Clusters;
        return new ReportTable(
            isSame
                ? "Published values of the same protocol."
                : "Published values of the protocol on other data (PBMC68k, 65,877 cells, four clusters): for orientation, not for comparison; NAR above all "
                    + "depends on the shares of the clusters.",
            [new("published method", IsNumber: false), new("PR-AUC"), new("NAR"), new("CSP"), new("ρ PR-AUC"), new("ρ NAR"), new("ρ CSP")],
            [
                .. PublishedAbundance.Table.Select(row => new ReportCell[]
                {
                    row.Method,
                    PublishedAbundance.Text(row.Means.PrAuc),
                    PublishedAbundance.Text(row.Means.Nar),
                    PublishedAbundance.Text(row.Means.Csp),
                    PublishedAbundance.Text(row.Spearman.PrAuc),
                    PublishedAbundance.Text(row.Spearman.Nar),
                    PublishedAbundance.Text(row.Spearman.Csp),
                }),
            ]);
    }

    private Figure Embedding() => EmbeddingFigure.Of(
        $"Log-ratio of treated to control at r = {result.Shown.Level}, seed {result.Shown.Seed}.",
        "log-ratio (nats)",
        cells.Embedding,
        [.. Shown().Select(entry => (entry.Key, entry.Value))]);

    private Figure Distributions() => GroupDensityFigure.Of(
        $"Log-ratios per cluster at r = {result.Shown.Level}, seed {result.Shown.Seed}.",
        "log-ratio (nats)",
        "nat",
        [
            .. Shown().Where(entry => entry.Key != Truth).Select(entry => (
                entry.Key,
                (IReadOnlyList<(SeriesStyle, IReadOnlyList<double>)>)
                [
                    .. clusters.Categories.Select((name, c) => (
                        GroupDensityFigure.Style(name, c),
                        (IReadOnlyList<double>)[.. Enumerable.Range(0, cells.Cells).Where(r => clusters.Codes[r] == c).Select(r => entry.Value[r])])),
                ])),
        ]);

    // Two classifiers look the same; the picture has room for one.
    private IEnumerable<KeyValuePair<string, IReadOnlyList<double>>> Shown() =>
        result.Shown.LogRatios.Where(entry => entry.Key != AbundanceMethod.CrossFitted);

    private ReportTable Roles()
    {
        int[] counts = clusters.Count();
        return new ReportTable(
            "Clusters and the probability that their cells are treated.",
            [new("cluster", IsNumber: false), new("cells"), new("P(treated)", IsNumber: false)],
            [
                .. clusters.Categories.Select((name, c) => new ReportCell[]
                {
                    name,
                    ReportNumber.Whole(counts[c]),
                    result.Roles[c] switch
                    {
                        ClusterRole.MoreTreated => "1/2 + r",
                        ClusterRole.MoreControl => "1/2 − r",
                        _ => "1/2",
                    },
                }),
            ]);
    }

    private static string Text(MeanAndError value) => ReportNumber.WithError(value.Mean, value.Error);
}
