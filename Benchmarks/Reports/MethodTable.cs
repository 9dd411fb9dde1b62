using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>One row per method: errors, seconds, evaluations.</summary>
internal static class MethodTable
{
    private sealed record Column(string Title, Func<MethodReport, double?> Value, Func<MethodReport, double?>? Error = null, bool? SmallIsBest = null);

    private static readonly Column[] Columns =
    [
        new("MSE (nats²)", method => method.Mse, method => method.StdError, SmallIsBest: true),
        new("MAE (nats)", method => method.Mae, SmallIsBest: true),
        new("bias (nats)", method => method.Bias),
        new("mean log-ratio (nats)", method => method.Estimate, method => method.EstimateStdError),
        new("error of the mean (nats)", method => method.AbsError, SmallIsBest: true),
        new("area under ROC", method => method.Auc, method => method.StdError, SmallIsBest: false),
        new("seconds", method => method.Seconds),
        new("evaluations", method => method.Evaluations),
    ];

    /// <summary>The table; columns without any value are left out, the best of a column stands out.</summary>
    public static ReportTable Of(ExperimentReport report)
    {
        Column[] shown = [.. Columns.Where(column => report.Methods.Any(method => column.Value(method) is not null))];
        bool hasFailures = report.Methods.Any(method => method.NonFinite > 0);
        List<ReportColumn> columns = [new("method", IsNumber: false), .. shown.Select(column => new ReportColumn(column.Title))];
        if (hasFailures)
        {
            columns.Add(new ReportColumn("failed points"));
        }

        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (MethodReport method in report.Methods)
        {
            List<ReportCell> cells = [MethodStyles.Of(method.Name), .. shown.Select(column => Cell(column, method, report.Methods))];
            if (hasFailures)
            {
                cells.Add(ReportNumber.Whole(method.NonFinite));
            }

            rows.Add(cells);
        }

        return new ReportTable(Caption(report), columns, rows);
    }

    private static ReportCell Cell(Column column, MethodReport method, IReadOnlyList<MethodReport> all)
    {
        double? value = column.Value(method);
        double[] others = [.. all.Select(column.Value).OfType<double>().Where(double.IsFinite)];
        bool isBest = column.SmallIsBest is { } small && others.Length > 1 && value == (small ? others.Min() : others.Max());
        string text = column.Title == "evaluations" ? ReportNumber.Count(method.Evaluations)
            : column.Error is null ? ReportNumber.Format(value) : ReportNumber.WithError(value, column.Error(method));
        return new ReportCell(text, IsStrong: isBest);
    }

    private static string Caption(ExperimentReport report) => report.Experiment switch
    {
        "table" => "How well each method's log-ratio ranks the held-out rows. ± is the standard error over rows (Hanley and McNeil).",
        "mi" => "Errors of the log-ratios of single points, and of their mean, the estimated mutual information. ± is the standard error over "
            + "test points; the error of the mean includes it.",
        _ => "Errors over the held-out points. ± is the standard error over points; evaluations are those of the flow per point.",
    };
}
