using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>How log-ratios separate labelled rows: the ROC curve, and their distribution in each class.</summary>
internal static class RankingFigure
{
    private const double Tail = 0.005;
    private static readonly double[] DenominatorShares = [0.01, 0.05, 0.2];
    private static readonly SeriesStyle Chance = new("chance", SeriesColor.Gray) { IsReference = true, IsLine = true };

    /// <summary>The figures: densities, one panel per method; ROC curves with their areas.</summary>
    /// <param name="report">A result of <c>table</c>.</param>
    public static IEnumerable<Figure> Of(ExperimentReport report)
    {
        MethodReport[] methods = [.. report.Methods.Where(method => method.Labelled is { Count: > 0 })];
        string numerator = OptionText.Of(report.Options.GetValueOrDefault("numerator"));
        string denominator = OptionText.Of(report.Options.GetValueOrDefault("denominator"));
        return methods.Length == 0 ? [] : [Curves(methods, numerator, denominator), Densities(methods, numerator, denominator)];
    }

    private static Figure Curves(MethodReport[] methods, string numerator, string denominator)
    {
        string caption = "ROC curves: the shares of both classes whose log-ratio is above a threshold, as it moves (a); the areas under them, "
            + "with one standard error over rows (b).";
        string areas = string.Join("; ", methods.Select(method => $"{method.Name} {ReportNumber.Format(method.Auc, 4)}"));
        return new Figure(
            caption,
            [
                new LineChart(
                    new Axis($"share of {denominator} above the threshold") { Domain = (0, 1) },
                    new Axis($"share of {numerator} above") { Domain = (0, 1) },
                    [.. methods.Select(Curve), new LineSeries(Chance, [new(0, 0), new(1, 1)], SeriesMark.Line)],
                    $"ROC curves. Areas: {areas}.") { Title = "ROC curves" },
                new DotChart(
                    new Axis("area under the curve"),
                    [.. methods.Select(method => new DotRow(MethodStyles.Of(method.Name), method.Auc ?? double.NaN, method.StdError))],
                    $"Dot chart of areas under the ROC curve: {areas}.") { Title = "areas" },
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("area"), new("share of the numerator above at 1% of the denominator"), new("at 5%"), new("at 20%")],
                [.. methods.Select(method => (ReportCell[])
                [
                    MethodStyles.Of(method.Name),
                    ReportNumber.WithError(method.Auc, method.StdError),
                    .. DenominatorShares.Select(share => (ReportCell)ReportNumber.Format(ShareAbove(method, share))),
                ])]));
    }

    private static Figure Densities(MethodReport[] methods, string numerator, string denominator)
    {
        var above = new SeriesStyle(numerator, SeriesColor.Violet) { IsLine = true };
        var below = new SeriesStyle(denominator, SeriesColor.Orange) { IsLine = true };

        // A few far points would leave the densities a sliver of the axis.
        double[] sorted = [.. methods.SelectMany(method => method.Labelled!).Select(row => row.LogRatio).Order()];
        Axis axis = new Axis("log-ratio (nats)").Covering(
            [sorted[(int)(Tail * (sorted.Length - 1))], sorted[(int)((1 - Tail) * (sorted.Length - 1))]]);
        string caption = $"Log-ratios log p(x | {numerator}) − log p(x | {denominator}) of the held-out rows, by class: kernel densities over the "
            + "middle 99% of the rows.";
        return new Figure(
            caption,
            [
                .. methods.Select(method => new DensityChart(
                    axis, "nat", [(above, Values(method, true)), (below, Values(method, false))], Describe(method, numerator, denominator))
                {
                    Title = method.Name, Height = 200,
                }),
            ],
            new ReportTable(
                caption,
                [
                    new("method", IsNumber: false), new("class", IsNumber: false), new("rows"), new("5% (nats)"), new("median (nats)"), new("95% (nats)"),
                ],
                [.. methods.SelectMany(method => (ReportCell[][])[Row(method, above, true), Row(method, below, false)])]))
        {
            PanelWidth = 260,
        };
    }

    // The largest share of the numerator that a threshold leaves above it while at most this share of the denominator is.
    private static double ShareAbove(MethodReport method, double share)
    {
        double[] denominator = [.. Values(method, false).OrderDescending()];
        double threshold = denominator[Math.Min((int)(share * denominator.Length), denominator.Length - 1)];
        IReadOnlyList<double> numerator = Values(method, true);
        return (double)numerator.Count(value => value > threshold) / numerator.Count;
    }

    private static LineSeries Curve(MethodReport method) => new(
        MethodStyles.Of(method.Name),
        [.. RocCurve.Of(method.Labelled!).Select(point => new LinePoint(point.FalsePositives, point.TruePositives))],
        SeriesMark.Line);

    private static IReadOnlyList<double> Values(MethodReport method, bool isNumerator) =>
        [.. method.Labelled!.Where(row => row.IsNumerator == isNumerator).Select(row => row.LogRatio)];

    private static string Describe(MethodReport method, string numerator, string denominator) =>
        $"Densities of the log-ratios by {method.Name}: median {ReportNumber.Format(Quantile(method, true, 0.5))} for {numerator}, "
            + $"{ReportNumber.Format(Quantile(method, false, 0.5))} for {denominator}.";

    private static ReportCell[] Row(MethodReport method, SeriesStyle style, bool isNumerator) =>
    [
        MethodStyles.Of(method.Name),
        style,
        ReportNumber.Whole(method.Labelled!.Count(row => row.IsNumerator == isNumerator)),
        ReportNumber.Format(Quantile(method, isNumerator, 0.05)),
        ReportNumber.Format(Quantile(method, isNumerator, 0.5)),
        ReportNumber.Format(Quantile(method, isNumerator, 0.95)),
    ];

    private static double Quantile(MethodReport method, bool isNumerator, double share)
    {
        double[] sorted = [.. Values(method, isNumerator).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }
}
