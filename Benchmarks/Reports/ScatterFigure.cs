using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Estimated against true log-ratios, one panel per method.</summary>
internal static class ScatterFigure
{
    private const int PanelHeight = 210;

    /// <summary>The figure; panels share their axes.</summary>
    /// <param name="methods">Methods with scatter points.</param>
    /// <param name="where">What is added to the caption, or nothing.</param>
    public static Figure Of(IEnumerable<MethodReport> methods, string where = "")
    {
        MethodReport[] shown = [.. methods.Where(method => method.Scatter is { Count: > 0 })];
        double[] truth = [.. shown.SelectMany(method => method.Scatter!).Select(point => point.Truth)];
        double[] estimates = [.. shown.SelectMany(method => method.Scatter!).Select(point => point.Estimate).Where(double.IsFinite)];
        Axis x = new Axis("true log-ratio (nats)").Covering(truth);
        Axis y = new Axis("estimated (nats)").Covering([.. estimates, .. truth]);
        string caption = $"Estimated against true log-ratios of {ReportNumber.Whole(shown.Max(method => method.Scatter!.Count))} test points, "
            + "evenly taken from both distributions and the same for every method. Exact estimates lie on the dashed line." + where;
        return new Figure(
            caption,
            [
                .. shown.Select(method => new ScatterChart(x, y, [Series(method)], Describe(method))
                {
                    Title = method.Name, Diagonal = true, Height = PanelHeight,
                }),
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("points"), new("correlation"), new("slope"), new("intercept (nats)"), new("largest |error| (nats)")],
                [.. shown.Select(Summarise)]))
        {
            PanelWidth = 205,
            HasLegend = false,
        };
    }

    private static ScatterSeries Series(MethodReport method) => new(
        MethodStyles.Of(method.Name),
        [.. method.Scatter!.Select(point => point.Truth)],
        [.. method.Scatter!.Select(point => point.Estimate)]);

    private static string Describe(MethodReport method)
    {
        (double correlation, double slope, double intercept, _, _) = Fit(method);
        return $"Scatter plot of estimated against true log-ratios by {method.Name}: correlation {ReportNumber.Format(correlation, 4)}, "
            + $"least-squares line {ReportNumber.Format(intercept)} + {ReportNumber.Format(slope)} × truth.";
    }

    private static ReportCell[] Summarise(MethodReport method)
    {
        (double correlation, double slope, double intercept, double largest, int count) = Fit(method);
        return
        [
            MethodStyles.Of(method.Name),
            ReportNumber.Whole(count),
            ReportNumber.Format(correlation, 4),
            ReportNumber.Format(slope),
            ReportNumber.Format(intercept),
            ReportNumber.Format(largest),
        ];
    }

    private static (double Correlation, double Slope, double Intercept, double Largest, int Count) Fit(MethodReport method)
    {
        ScatterPoint[] points = [.. method.Scatter!.Where(point => double.IsFinite(point.Estimate))];
        if (points.Length == 0)
        {
            return (double.NaN, double.NaN, double.NaN, double.NaN, 0);
        }

        (double x, double y) = (points.Average(point => point.Truth), points.Average(point => point.Estimate));
        double xx = points.Average(point => (point.Truth - x) * (point.Truth - x));
        double yy = points.Average(point => (point.Estimate - y) * (point.Estimate - y));
        double xy = points.Average(point => (point.Truth - x) * (point.Estimate - y));
        return (
            xy / Math.Sqrt(xx * yy), xy / xx, y - (xy / xx * x), points.Max(point => Math.Abs(point.Estimate - point.Truth)), points.Length);
    }
}
