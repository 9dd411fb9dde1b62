using FlowRatio.Applications.Combination;
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
            + "cross-fitted; log-odds are means over cross-fittings with other folds. The published figure plots ln mean |log-ratio| against mean |log-odds|, for other data and an unknown classifier: its correlations are for orientation. "
            + $"The correlation of ln mean |log-ratio| is {ReportNumber.Format(result.PearsonOfLogarithms)} here. A correlation over {result.Pairs.Count} pairs is a rough number; "
            + "and agreement of two estimates says that they see the same difference, not that it is an effect of the treatment: samples that are handled apart differ as well."));
        page.Add("What was run", run.Blocks());
        return page;
    }

    private Figure Scatter() => AgreementFigure.Of(
        "Mean |log-ratio| of the flow against mean |log-odds| of the cross-fitted classifier, one mark per pair (a); cell by cell (b).",
        "pair",
        score => $"mean |{score}|",
        [.. result.Pairs.Select((pair, i) => new AgreementFigure.Group($"{pair.First}, {pair.Second}", Style(pair, i), pair.MeanAbsoluteRatio, pair.MeanAbsoluteOdds))],
        result.Pearson,
        [.. result.Points.Select(point => new AgreementFigure.Cell(Style(result.Pairs[point.Pair], point.Pair), point.Ratio, point.Odds))],
        result.CellPearson);

    private ReportTable Table() => new(
        "Pairs. The mean log-ratio over cells of (a, b) estimates their divergence from the control; AUC: how well each score tells the two groups apart. Loss: mean "
        + "of -log P(group | x) by each; the lower one is closer to the truth, in size as well as in order.",
        [
            new("pair", IsNumber: false), new("cells"), new("control cells"), new("mean log-ratio (nats)"), new("mean log-odds (nats)"), new("Pearson, cells"),
            new("Spearman, cells"), new("AUC, log-ratio"), new("AUC, log-odds"), new("loss, log-ratio (nats)"), new("loss, log-odds (nats)"),
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
                ReportNumber.Format(pair.RatioLoss),
                ReportNumber.Format(pair.OddsLoss),
            }),
        ]);

    private Figure Embedding() => EmbeddingFigure.Of(
        $"Log-ratio of each cell of a pair (a, b) to (a, {control}): where the second treatment moves cells to, and from.",
        "log-ratio (nats)",
        cells.Embedding,
        [("log-ratio of the flow", result.CellRatios)]);

    private static SeriesStyle Style(CombinationPair pair, int place) => GroupDensityFigure.Style($"{pair.First}, {pair.Second}", place);
}
