using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Where on the scale of true log-ratios the errors are.</summary>
internal static class ErrorByTruthFigure
{
    /// <summary>The figure, or nothing if the errors were not kept.</summary>
    public static IEnumerable<Figure> Of(IEnumerable<MethodReport> methods)
    {
        MethodReport[] shown = [.. methods.Where(method => method.ErrorByTruth is { Count: > 0 })];
        if (shown.Length == 0)
        {
            yield break;
        }

        var x = new Axis("true log-ratio (nats)");
        const string caption = "Errors by the true log-ratio, over all test points in ranges of equally many points: the mean error (a) "
            + "and the root of the mean squared error (b). Training points are few at both ends.";
        yield return new Figure(
            caption,
            [
                new LineChart(x, new Axis("mean error (nats)"), Series(shown, bin => bin.Bias), Describe("Mean error", shown, bin => bin.Bias))
                {
                    Title = "mean error", Level = 0,
                },
                new LineChart(
                    x,
                    new Axis("RMS error (nats)") { IncludeZero = true },
                    Series(shown, bin => bin.RootMeanSquare),
                    Describe("Root-mean-square error", shown, bin => bin.RootMeanSquare)) { Title = "RMS error" },
            ],
            new ReportTable(
                caption,
                [
                    new("true log-ratio (nats)"),
                    new("points"),
                    .. shown.SelectMany(method => (ReportColumn[])[new($"{method.Name}: mean error"), new($"{method.Name}: RMS error")]),
                ],
                [.. Enumerable.Range(0, shown.Min(method => method.ErrorByTruth!.Count)).Select(i => Row(shown, i))]));
    }

    private static LineSeries[] Series(MethodReport[] methods, Func<ErrorBin, double> value) =>
    [
        .. methods.Select(method => new LineSeries(
            MethodStyles.Of(method.Name), [.. method.ErrorByTruth!.Select(bin => new LinePoint(bin.Truth, value(bin)))])),
    ];

    private static string Describe(string quantity, MethodReport[] methods, Func<ErrorBin, double> value) =>
        $"{quantity} against the true log-ratio, one line per method. In the lowest, middle and highest range: " + string.Join("; ", methods.Select(
            method => $"{method.Name} {ReportNumber.Format(value(method.ErrorByTruth![0]))}, "
                + $"{ReportNumber.Format(value(method.ErrorByTruth![method.ErrorByTruth!.Count / 2]))}, {ReportNumber.Format(value(method.ErrorByTruth![^1]))}"));

    private static ReportCell[] Row(MethodReport[] methods, int index) =>
    [
        ReportNumber.Format(methods[0].ErrorByTruth![index].Truth),
        ReportNumber.Whole(methods[0].ErrorByTruth![index].Points),
        .. methods.SelectMany(method => (ReportCell[])
        [
            ReportNumber.Format(method.ErrorByTruth![index].Bias), ReportNumber.Format(method.ErrorByTruth![index].RootMeanSquare),
        ]),
    ];
}
