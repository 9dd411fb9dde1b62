using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Reports.Blocks;
using FlowRatio.Training.Trust;

namespace FlowRatio.Cli.Pages;

/// <summary>What held-out labels say about log-ratios.</summary>
internal static class JudgedFigure
{
    /// <summary>Text and tables.</summary>
    public static ReportBlock[] Of(EstimateOutcome outcome, StackRecord judged)
    {
        double[] errors = [.. outcome.Summary.Kept.Select(row => row.StandardError).Where(double.IsFinite).Order()];
        return
        [
            new Paragraph(
                $"{judged.Sentence} Each value is a sum of several ways to tell the conditions apart, weighed by the labels of rows that they did not see. Its standard error is the "
                + "root mean squared error to be expected, and its interval holds the log-ratio in about nine of ten rows."),
            new ReportTable(
                $"Label log-loss of {judged.Rows:#,0} rows that were not seen, in nats per row.",
                [new("labels from", IsNumber: false), new("log-loss")],
                [
                    ["guessing", $"{judged.ConstantLogLoss:0.0000}"],
                    ["logistic regression", $"{judged.LinearLogLoss:0.0000}"],
                    [$"these log-ratios (slope {judged.Slope:0.00})", $"{judged.LogLoss:0.0000}"],
                ]),
            new ReportTable(
                "Standard error over rows, in nats.",
                [new("median"), new("95%"), new("largest")],
                errors.Length == 0 ? [] : [[ReportNumber.Format(Quantiles.Of(errors, 0.5)), ReportNumber.Format(Quantiles.Of(errors, 0.95)), ReportNumber.Format(errors[^1])]]),
            new ReportTable(
                "What the log-ratios are made of.",
                [new("member", IsNumber: false), new("weight")],
                [.. judged.Weights.Select(entry => (IReadOnlyList<ReportCell>)(ReportCell[])[entry.Key, ReportNumber.Format(entry.Value)])]),
        ];
    }
}
