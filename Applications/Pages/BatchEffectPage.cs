using FlowRatio.Applications.BatchEffect;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>The page of a measurement of batch effects.</summary>
/// <param name="cells">The cells.</param>
/// <param name="types">What is compared within.</param>
/// <param name="batches">The batch.</param>
/// <param name="options">The run's options.</param>
/// <param name="result">Its result.</param>
/// <param name="run">What was run.</param>
public sealed class BatchEffectPage(
    CellTable cells, CellCovariate types, CellCovariate batches, BatchEffectOptions options, BatchEffectResult result, RunDescription run)
{
    private static readonly SeriesStyle Given = new("as given", SeriesColor.Violet, SeriesShape.Circle);
    private static readonly SeriesStyle Corrected = new("corrected", SeriesColor.Green, SeriesShape.Square);
    private static readonly SeriesStyle Permuted = new("permuted labels", SeriesColor.Gray, SeriesShape.Cross);
    private static readonly SeriesStyle Wrong = new("other sign", SeriesColor.Orange, SeriesShape.TriangleUp);

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage(
            "Batch effect",
            $"How much the batches of '{batches.Name}' differ within '{types.Name}': log p(x | type, batch) - log p(x | type) of "
            + $"{ReportNumber.Whole(result.Cells.Count)} cells of {run.File} that no training has seen, before and after a correction.")
        {
            Kicker = "FlowRatio · batch effect",
            Summary = [new KeyFigures(
                new KeyFigure("Information on the batch as given", $"{ReportNumber.Format(result.Before.Information)} nats", P(result.Before)),
                new KeyFigure("After the correction", $"{ReportNumber.Format(result.After.Information)} nats", P(result.After)),
                new KeyFigure("Mean |score| as given", $"{ReportNumber.Format(result.Before.MeanAbsolute)} nats"),
                new KeyFigure("Mean |score| after", $"{ReportNumber.Format(result.After.MeanAbsolute)} nats"))],
        };
        page.Add("Results", [Table(), Distribution(), Permutation(), .. result.Notes.Count == 0 ? Array.Empty<ReportBlock>() : [new Paragraph($"Types that say little: {string.Join(" ", result.Notes)}")]]);
        page.Add("Where the batches differ", Embedding());
        page.Add("The sign of the correction term", Sign());
        page.Add("What was run", run.Blocks());
        return page;
    }

    private static string P(BatchEffectScore score) => score.P is { } p ? $"permutation p = {ReportNumber.Format(p)}" : "no p-value without trainings on permuted labels";

    private ReportTable Table() => new(
        "Scores on held-out cells. The information is the mean score, an estimate of the information between cell state and batch given the type; mean |score| is "
        + "the published summary, which noise alone makes positive. Permuted: the information with batch labels permuted within types, mean and standard deviation. "
        + "The denominator is the mixture of the batches; dropped: the published form, with a density trained on dropped batches. Above bound: cells whose dropped score exceeds "
        + "-log P(batch | type) by more than 0.1 nats, which is error.",
        [
            new("coordinates", IsNumber: false), new("mean |score| (nats)"), new("information (nats)"), new("permuted (nats)"), new("p"),
            new("mean |score|, dropped (nats)"), new("above bound"), new("time"),
        ],
        [
            .. ((BatchEffectScore[])[result.Before, result.After, .. result.Null]).Select(score => new ReportCell[]
            {
                score.Name,
                ReportNumber.Format(score.MeanAbsolute),
                ReportNumber.Format(score.Information),
                ReportNumber.WithError(score.PermutedInformation, score.PermutedDeviation),
                ReportNumber.Format(score.P),
                ReportNumber.Format(score.DroppedMeanAbsolute),
                score.AboveBound.ToString("P1", System.Globalization.CultureInfo.InvariantCulture),
                ReportNumber.Duration(score.Seconds),
            }),
        ]);

    private Figure Distribution() => GroupDensityFigure.Of(
        "Scores of held-out cells. An exact score without a batch effect is zero in every cell; scores of a flow trained on permuted labels show how far from zero "
        + "noise alone takes it.",
        "log p(x | type, batch) − log p(x | type) (nats)",
        "nat",
        [("scores", [(Given, result.ScoresBefore), (Corrected, result.ScoresAfter), .. Null()])]);

    private IReadOnlyList<(SeriesStyle, IReadOnlyList<double>)> Null() => result.ScoresNull.Count == 0 ? [] : [(Permuted, result.ScoresNull)];

    private Paragraph Permutation() => new(
        $"The test: the batch labels of the held-out cells are permuted within '{types.Name}' {ReportNumber.Whole(options.Permutations)} times, and the mean score is "
        + "computed again from the same trained flow. That is exact for any flow, because the flow has not seen these labels: without a batch effect all permutations are "
        + $"equally likely. The smallest p it can give is {ReportNumber.Format(1.0 / (1 + options.Permutations))}. It takes cells as exchangeable within a type; where a "
        + "batch is one sample, it cannot tell the batch from that sample. "
        + (options.NullTrainings == 0
            ? "There were no trainings on permuted labels, which show what scores and p are without an effect; so no p-value is given."
            : "The rows 'permuted labels' come from flows trained again on permuted labels "
                + $"({options.NullTrainings} of them), too few for a p-value; they show the level of mean |score| that no effect has."));

    private Figure Embedding()
    {
        double[] Spread(IReadOnlyList<double> scores)
        {
            double[] values = new double[cells.Cells];
            Array.Fill(values, double.NaN);
            for (int i = 0; i < scores.Count; i++)
            {
                values[result.Cells[i]] = scores[i];
            }

            return values;
        }

        return EmbeddingFigure.Of(
            "Score of each held-out cell, in the coordinates as given. Positive: the cell is more typical of its own batch than of its type.",
            "score (nats)",
            cells.Embedding,
            [("as given", Spread(result.ScoresBefore)), ("corrected", Spread(result.ScoresAfter))]);
    }

    private IReadOnlyList<ReportBlock> Sign() =>
    [
        new Paragraph(
            "Along the numerator's velocity u the rate of the log-ratio is div(v - u) + (v - u) . s_v, v and s_v being velocity and score of the denominator. The published "
            + "batch-correction scripts have (u - v) . s_v. With that sign the result is no log-ratio; absolute values hide it only where the term is small."),
        new ReportTable(
            "The same flow, cells and probes with either sign.",
            [new("sign", IsNumber: false), new("mean |score| (nats)"), new("mean score (nats)"), new("above bound")],
            [
                ["right", ReportNumber.Format(result.Sign.RightMeanAbsolute), ReportNumber.Format(result.Sign.RightInformation), Percent(result.Before.AboveBound)],
                ["published scripts'", ReportNumber.Format(result.Sign.WrongMeanAbsolute), ReportNumber.Format(result.Sign.WrongInformation), Percent(result.Sign.WrongAboveBound)],
            ]),
        GroupDensityFigure.Of(
            $"Scores with either sign: they differ by {ReportNumber.Format(result.Sign.RootMeanSquareDifference)} nats (root mean square) and have the correlation "
            + $"{ReportNumber.Format(result.Sign.Correlation)}.",
            "score (nats)",
            "nat",
            [("scores", [(Given with { Name = "right sign" }, result.ScoresRightSign), (Wrong, result.ScoresWrongSign)])]),
    ];

    private static string Percent(double share) => share.ToString("P1", System.Globalization.CultureInfo.InvariantCulture);
}
