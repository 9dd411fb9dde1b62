using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Estimated mutual information of each method against the exact one.</summary>
internal static class MutualInformationFigure
{
    /// <summary>The figure.</summary>
    /// <param name="report">A result of <c>mi</c>.</param>
    /// <param name="truth">The exact mutual information in nats.</param>
    public static Figure Of(ExperimentReport report, double truth)
    {
        DotRow[] rows =
        [
            .. report.Methods.Select(method => new DotRow(MethodStyles.Of(method.Name), method.Estimate ?? double.NaN, method.EstimateStdError)),
        ];
        string caption = "Estimated mutual information; bars are one standard error over test points, the dashed line is the exact value, "
            + $"{ReportNumber.Format(truth, 4)} nats.";
        return new Figure(
            caption,
            [
                new DotChart(
                    new Axis("mean log-ratio (nats)").Covering(rows.SelectMany(row => new[] { row.Value - (row.Error ?? 0), row.Value + (row.Error ?? 0), truth })),
                    rows,
                    $"Dot chart of the estimated mutual information per method; the exact value is {ReportNumber.Format(truth, 4)}. "
                        + string.Join("; ", rows.Select(row => $"{row.Style.Name} {ReportNumber.Format(row.Value, 4)}"))) { Level = truth },
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("estimate (nats)"), new("estimate − exact (nats)")],
                [.. rows.Select(row => (ReportCell[])
                    [row.Style, ReportNumber.WithError(row.Value, row.Error), ReportNumber.Format(row.Value - truth)])]))
        {
            HasLegend = false,
        };
    }
}
