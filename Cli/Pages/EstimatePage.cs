using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Cli.Terminal;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Cli.Pages;

/// <summary>The page of an estimation: distributions per group, a map, the learning curve, diagnostics.</summary>
internal static class EstimatePage
{
    /// <summary>Makes the page.</summary>
    /// <param name="outcome">The estimation.</param>
    /// <param name="commandLine">The command, to be repeated.</param>
    public static ReportPage Create(EstimateOutcome outcome, string commandLine)
    {
        EstimateSummary summary = outcome.Summary;
        string name = outcome.Quantity.Name;
        List<KeyFigure> figures = [new("rows", ReportNumber.Whole(summary.Rows), $"{summary.Rows / Math.Max(outcome.Duration.TotalSeconds, 1e-3):#,0} per second")];
        if (outcome.Area is { Area: { } area } statement)
        {
            figures.Add(new KeyFigure($"AUC on {statement.Rows}", $"{area.Area:0.000}", $"{area.Text()}; {area.Numerator:#,0} and {area.Denominator:#,0} rows"));
        }

        figures.Add(new KeyFigure($"mean {name} (nats)", $"{summary.Mean:0.00}"));
        figures.Add(new KeyFigure("rows without a value", ReportNumber.Whole(summary.Failed)));
        var page = new ReportPage($"{outcome.Quantity.Formula}", Lead(outcome))
        {
            Kicker = $"FlowRatio: {name} of every row",
            Summary = [new KeyFigures(figures)],
            Colophon = outcome.Trained.Training is { } training ? $"Model trained on {training.Data}; {outcome.Integration}." : $"Imported model; {outcome.Integration}.",
        };
        page.Add("Distribution", [.. GroupFigure.Of(outcome), .. AreaFigure.Of(outcome)]);
        page.Add("Map", MapFigure.Of(outcome));
        if (CurveFigure.Of(outcome.Trained.Training) is { } curve)
        {
            page.Add("Training", curve, TrainingFacts.Of(outcome.Trained));
        }

        page.Add("Can the values be trusted?", outcome.Judged is { } judged ? JudgedFigure.Of(outcome, judged) : DiagnosticFigure.Of(outcome));
        page.Add("Repeat", new Listing("command", commandLine));
        return page;
    }

    private static string Lead(EstimateOutcome outcome)
    {
        string groups = outcome.Area is { Area: { } area } statement
            ? $" A row of the numerator has a larger value than one of the denominator with probability {area.Area:0.000} ({statement.Rows})."
            : string.Empty;
        return $"{outcome.Summary.Rows:#,0} rows of {Path.GetFileName(outcome.Data)} in {ProgressLine.Duration(outcome.Duration)}; values in nats.{groups}";
    }
}
