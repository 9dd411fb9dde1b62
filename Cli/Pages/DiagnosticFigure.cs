using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Cli.Pages;

/// <summary>Statuses, standard errors and overlap diagnostics.</summary>
internal static class DiagnosticFigure
{
    /// <summary>Text and tables.</summary>
    public static ReportBlock[] Of(EstimateOutcome outcome)
    {
        EstimateSummary summary = outcome.Summary;
        List<IReadOnlyList<ReportCell>> rows = [];
        void Add(string name, Func<EstimatedRow, double> value)
        {
            double[] sorted = [.. summary.Kept.Select(value).Where(double.IsFinite).Order()];
            if (sorted.Length > 0)
            {
                rows.Add([name, ReportNumber.Format(Quantiles.Of(sorted, 0.5)), ReportNumber.Format(Quantiles.Of(sorted, 0.95)), ReportNumber.Format(sorted[^1])]);
            }
        }

        Add("standard error from the probes (nats)", row => row.StandardError);
        Add("disagreement of score and velocity", row => row.Disagreement);
        Add("deviation of the trajectory's end from noise", row => row.Deviation);
        Add("evaluations of the flow", row => row.Evaluations);
        return
        [
            new Paragraph(
                "The standard error is that of the divergence probes, not of the training. Disagreement is the largest difference of the noise that score and "
                + "velocity predict along a trajectory, in units of the noise: well above its median the value is extrapolation. The deviation says how unlike "
                + $"noise the end of the trajectory is; above {summary.DeviationLimit:0.0}, where 1 row in {1 / NoiseDeviation.Chance:#,0} is by chance, the row lies outside of what the "
                + $"training saw: here {ReportNumber.Whole(summary.Outside)} of {ReportNumber.Whole(summary.Rows)} rows."),
            new ReportTable(
                "Diagnostics over rows.", [new("quantity", IsNumber: false), new("median"), new("95%"), new("largest")], rows),
            new ReportTable(
                "How trajectories ended.",
                [new("status", IsNumber: false), new("rows")],
                [.. StatusText.All.Select((status, i) => (Status: status, Rows: summary.Statuses[i])).Where(entry => entry.Rows > 0)
                    .Select(entry => (IReadOnlyList<ReportCell>)(ReportCell[])[entry.Status, ReportNumber.Whole(entry.Rows)])]),
        ];
    }
}
