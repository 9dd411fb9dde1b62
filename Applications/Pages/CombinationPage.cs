using FlowRatio.Applications.Combination;
using FlowRatio.Engine.Randomness;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>The page of a run over pairs of treatments.</summary>
/// <param name="cells">The cells.</param>
/// <param name="first">Covariate a.</param>
/// <param name="second">Covariate b.</param>
/// <param name="control">Category of b that is compared with.</param>
/// <param name="result">The result.</param>
/// <param name="run">What was run.</param>
public sealed class CombinationPage(
    CellTable cells, CellCovariate first, CellCovariate second, string control, CombinationResult result, RunDescription run)
{
    private const double PublishedPearson = 0.945;
    private const double PublishedSpearman = 0.907;
    private const int MostPoints = 3_000;

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage(
            "Combinations",
            $"What '{second.Name}' adds to '{first.Name}': log p(x | a, b) - log p(x | a, {control}) for {result.Pairs.Count} pairs of {run.File}, by one flow for all pairs, "
            + "beside the log-odds of a classifier for each.")
        {
            Kicker = "FlowRatio · combination",
            Summary = [new KeyFigures(
                new KeyFigure("Pearson over pairs", ReportNumber.Format(result.Pearson), $"published, 23 drug pairs of other data: {PublishedPearson}"),
                new KeyFigure("Spearman over pairs", ReportNumber.Format(result.Spearman), $"published: {PublishedSpearman}"),
                new KeyFigure("Pearson over cells", ReportNumber.Format(result.CellPearson)),
                new KeyFigure("Spearman over cells", ReportNumber.Format(result.CellSpearman)))],
        };
        page.Add("Results", Scatter(), Table());
        page.Add("Cells", Embedding());
        page.Add("How to read it", new Paragraph(
            $"A pair's strength is the mean |log-ratio| over the cells of (a, b) and (a, {control}). No cell is scored by a flow or a classifier that has seen it where flows are "
            + "cross-fitted. The published figure plots ln mean |log-ratio| against mean |log-odds|, for other data and an unknown classifier: its correlations are for orientation. "
            + $"The correlation of ln mean |log-ratio| is {ReportNumber.Format(result.PearsonOfLogarithms)} here. A correlation over {result.Pairs.Count} pairs is a rough number; "
            + "and agreement of two estimates says that they see the same difference, not that it is an effect of the treatment: samples that are handled apart differ as well."));
        page.Add("What was run", run.Blocks());
        return page;
    }

    private Figure Scatter()
    {
        string caption = "Mean |log-ratio| of the flow against mean |log-odds| of the cross-fitted classifier, one mark per pair (a); cell by cell (b).";
        Axis x = new("mean |log-ratio| (nats)"), y = new("mean |log-odds| (nats)");
        bool hasLegend = result.Pairs.Count <= 9;
        int[] drawn = Drawn();
        return new Figure(
            caption,
            [
                new ScatterChart(
                    x.Covering(result.Pairs.Select(pair => pair.MeanAbsoluteRatio)),
                    y.Covering(result.Pairs.Select(pair => pair.MeanAbsoluteOdds)),
                    [.. result.Pairs.Select((pair, i) => new ScatterSeries(Style(pair, i), [pair.MeanAbsoluteRatio], [pair.MeanAbsoluteOdds]))],
                    $"Scatter plot over pairs; correlation {ReportNumber.Format(result.Pearson)}.") { Title = "pairs", Diagonal = true },
                new ScatterChart(
                    new Axis("log-ratio (nats)"),
                    new Axis("log-odds (nats)"),
                    [
                        .. drawn.GroupBy(i => result.Points[i].Pair).OrderBy(group => group.Key).Select(group => new ScatterSeries(
                            Style(result.Pairs[group.Key], group.Key),
                            [.. group.Select(i => result.Points[i].Ratio)],
                            [.. group.Select(i => result.Points[i].Odds)])),
                    ],
                    $"Scatter plot over cells; correlation {ReportNumber.Format(result.CellPearson)}.") { Title = "cells", Diagonal = true },
            ],
            new ReportTable(
                caption,
                [new("pair", IsNumber: false), new("mean |log-ratio|"), new("mean |log-odds|")],
                [.. result.Pairs.Select((pair, i) => new ReportCell[] { Style(pair, i), ReportNumber.Format(pair.MeanAbsoluteRatio), ReportNumber.Format(pair.MeanAbsoluteOdds) })]))
        {
            HasLegend = hasLegend,
        };
    }

    private ReportTable Table() => new(
        "Pairs. The mean log-ratio over cells of (a, b) estimates their divergence from the control; AUC: how well each score tells the two groups apart.",
        [
            new("pair", IsNumber: false), new("cells"), new("control cells"), new("mean log-ratio (nats)"), new("mean log-odds (nats)"), new("Pearson, cells"),
            new("Spearman, cells"), new("AUC, log-ratio"), new("AUC, log-odds"),
        ],
        [
            .. result.Pairs.Select((pair, i) => new ReportCell[]
            {
                Style(pair, i),
                ReportNumber.Whole(pair.Cells),
                ReportNumber.Whole(pair.ControlCells),
                ReportNumber.Format(pair.MeanRatio),
                ReportNumber.Format(pair.MeanOdds),
                ReportNumber.Format(pair.Pearson),
                ReportNumber.Format(pair.Spearman),
                ReportNumber.Format(pair.RatioAuc),
                ReportNumber.Format(pair.OddsAuc),
            }),
        ]);

    private Figure Embedding() => EmbeddingFigure.Of(
        $"Log-ratio of each cell of a pair (a, b) to (a, {control}): where the second treatment moves cells to, and from.",
        "log-ratio (nats)",
        cells.Embedding,
        [("log-ratio of the flow", result.CellRatios)]);

    private static SeriesStyle Style(CombinationPair pair, int place) => GroupDensityFigure.Style($"{pair.First}, {pair.Second}", place);

    private int[] Drawn()
    {
        int count = result.Points.Count;
        var order = new KeyedPermutation(count, Philox.Block(1, RandomStream.Resampling, 1));
        return [.. Enumerable.Range(0, Math.Min(count, MostPoints)).Select(i => order[i])];
    }
}
