using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Mean squared error of each method, beside the published one.</summary>
internal static class ErrorFigure
{
    /// <summary>The figure.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="published">The published error of a method, or null.</param>
    public static Figure Of(IReadOnlyList<MethodReport> methods, Func<MethodReport, double?> published)
    {
        DotRow[] rows =
        [
            .. methods.Select(method => new DotRow(MethodStyles.Of(method.Name), method.Mse ?? double.NaN, method.StdError, published(method))),
        ];
        var axis = new Axis("mean squared error (nats²)") { Scale = AxisScale.Log };
        bool hasPublished = rows.Any(row => row.Reference is not null);
        string caption = "Mean squared error of the log-ratio, on a logarithmic axis; bars are one standard error over test points."
            + (hasPublished ? " Hollow marks are the published means of five trainings, 100,000 steps at width 1024 (arXiv 2602.24201)." : string.Empty);
        return new Figure(
            caption,
            [
                new DotChart(axis, rows, "Dot chart of the mean squared error per method. "
                    + string.Join("; ", rows.Select(row => $"{row.Style.Name} {ReportNumber.Format(row.Value)}"))),
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("MSE (nats²)"), new("published (nats²)")],
                [.. rows.Select(row => (ReportCell[])[row.Style, ReportNumber.WithError(row.Value, row.Error), ReportNumber.Format(row.Reference)])]))
        {
            HasLegend = false,
        };
    }
}
