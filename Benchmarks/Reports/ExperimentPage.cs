using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Published;
using FlowRatio.Engine.Paths;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>The page of one run of <c>gaussian</c>, <c>mi</c> or <c>table</c>.</summary>
/// <param name="report">The result.</param>
/// <param name="integration">How log-ratios were integrated, in words.</param>
/// <param name="schedule">Schedule of the flow's path.</param>
/// <param name="command">The command line, or null.</param>
internal sealed class ExperimentPage(ExperimentReport report, string integration, PathSchedule schedule, string? command)
{
    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        (string title, string lead) = Introduce();
        var page = new ReportPage(title, lead)
        {
            Kicker = $"FlowRatio · {report.Experiment}",
            Summary = [new KeyFigures(KeyNumbers())],
        };
        page.Add("Results", [MethodTable.Of(report), .. Results()]);
        if (report.Methods.Any(method => method.Scatter is { Count: > 0 }))
        {
            page.Add("Estimates point by point", [ScatterFigure.Of(report.Methods), .. ErrorByTruthFigure.Of(report.Methods)]);
        }

        if (LearningCurveFigure.Of(report) is { } learning)
        {
            page.Add("Training", learning);
        }

        page.Add("What was run", WhatWasRun());
        return page;
    }

    private (string Title, string Lead) Introduce()
    {
        int dimension = Number("dim") is { } d ? (int)d : 0;
        return report.Experiment switch
        {
            "gaussian" => (
                $"Shifted Gaussians in {dimension} dimensions",
                $"Log-ratios of N(m, I), every coordinate of m equal to {Number("shift"):0.###}, against N(0, I), estimated from samples and compared "
                    + $"with the closed form on {ReportNumber.Whole((long)(Truth("points") ?? 0))} held-out points of both."),
            "mi" => (
                $"Mutual information in {dimension} dimensions",
                $"Pairs of coordinates with correlation {Number("rho"):0.####} against independent ones. The mean log-ratio over points of the "
                    + $"former is their mutual information, {ReportNumber.Format(Truth("mutual_information"), 4)} nats."),
            _ => (
                $"{Option("numerator")} against {Option("denominator")}",
                $"Log-ratios of the rows of {Option("file")} by {Option("condition")}, estimated from the other rows and scored by how well they "
                    + "rank rows that training never saw."),
        };
    }

    private KeyFigure[] KeyNumbers()
    {
        MethodReport[] known = [.. report.Methods.Where(method => Score(method) is { } score && double.IsFinite(score))];
        MethodReport? best = report.Experiment == "table" ? known.MaxBy(Score) : known.MinBy(Score);
        List<KeyFigure> figures = [];
        if (best is not null)
        {
            figures.Add(report.Experiment switch
            {
                "table" => new KeyFigure("Largest area under the ROC curve", ReportNumber.WithError(best.Auc, best.StdError), best.Name),
                "mi" => new KeyFigure("Smallest error of the mean, nats", ReportNumber.Format(best.AbsError), best.Name),
                _ => new KeyFigure("Smallest mean squared error, nats²", ReportNumber.WithError(best.Mse, best.StdError), best.Name),
            });
        }

        if (Truth("standard_deviation") is { } deviation)
        {
            figures.Add(new KeyFigure("Standard deviation of the true log-ratio", $"{ReportNumber.Format(deviation)} nats"));
        }

        if (report.Train is { } train)
        {
            figures.Add(new KeyFigure("Training of the flow", ReportNumber.Duration(train.Seconds), $"{ReportNumber.Whole(train.Steps)} steps"));
        }

        figures.Add(new KeyFigure(
            "Estimation, per method", ReportNumber.Duration(report.Methods.Average(method => method.Seconds)), "mean, all test points"));
        return [.. figures];
    }

    private IEnumerable<ReportBlock> Results() => report.Experiment switch
    {
        "table" => RankingFigure.Of(report),
        "mi" => [MutualInformationFigure.Of(report, Truth("mutual_information") ?? double.NaN), WorkFigure.Of(report.Methods)],
        _ => [ErrorFigure.Of(report.Methods, method => Published(method.Name)), WorkFigure.Of(report.Methods)],
    };

    private IEnumerable<ReportBlock> Described() =>
        command is null ? [] : [new Listing("This page was made by", command)];

    private IReadOnlyList<ReportBlock> WhatWasRun() =>
    [
        new Paragraph($"{integration} Every random number follows from the seed: the same command gives the same errors, whatever the number of threads."),
        .. Described(),
        new Facts(report.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => (option.Key, OptionText.Of(option.Value)))
            .Append(("device", report.Device)).DistinctBy(fact => fact.Item1)),
    ];

    private double? Published(string method) => Number("dim") is { } dimension && Number("shift") is { } shift
        && PublishedResults.All.FindGaussian(method, schedule, shift) is { Mse: { } errors }
        && errors.TryGetValue((int)dimension, out double error) ? error : null;

    private double? Score(MethodReport method) => report.Experiment switch
    {
        "table" => method.Auc,
        "mi" => method.AbsError,
        _ => method.Mse,
    };

    private string Option(string name) => OptionText.Of(report.Options.GetValueOrDefault(name));

    private double? Number(string name) => OptionText.Number(report.Options.GetValueOrDefault(name));

    private double? Truth(string name) => OptionText.Number(report.Truth.GetValueOrDefault(name));
}
