using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Training.BaseFlows;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>The table at the end of an experiment.</summary>
public static class ResultTable
{
    /// <summary>Prints one row per method; columns without any value are left out.</summary>
    /// <param name="report">The result.</param>
    /// <param name="integration">How log-ratios were integrated.</param>
    public static void Print(ExperimentReport report, string integration)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(integration);
        (string Title, Func<MethodReport, string?> Value)[] columns =
        [
            ("method", method => method.Name),
            ("estimate", method => Number(method.Estimate, method.Estimate is null ? null : method.EstimateStdError)),
            ("|error|", method => Number(method.AbsError, null)),
            ("MSE", method => method.Mse is { } mse ? ReportNumber.WithError(mse, method.StdError) : null),
            ("MAE", method => Number(method.Mae, null)),
            ("bias", method => method.Bias?.ToString("+0.0000;-0.0000")),
            ("AUC", method => Number(method.Auc, method.Auc is null ? null : method.StdError)),
            ("seconds", method => method.Seconds.ToString("F2")),
            ("evaluations", method => method.Evaluations.ToString("0.#")),
            ("failed", method => report.Methods.All(other => other.NonFinite == 0) ? null : method.NonFinite.ToString()),
        ];
        var table = new Table().Border(TableBorder.Rounded);
        (string Title, Func<MethodReport, string?> Value)[] shown =
            [.. columns.Where(column => report.Methods.Any(method => column.Value(method) is not null))];
        foreach ((string title, _) in shown)
        {
            table.AddColumn(title, column => column.Alignment = title == "method" ? Justify.Left : Justify.Right);
        }

        foreach (MethodReport method in report.Methods)
        {
            table.AddRow([.. shown.Select(column => Markup.Escape(column.Value(method) ?? string.Empty))]);
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(Markup.Escape(integration));
        PrintBase(report.Train);
        PrintLaunches(report);
    }

    private static void PrintLaunches(ExperimentReport report)
    {
        if (report.Train.Launches is { } step)
        {
            string refused = step.RefusedGraphs > 0 ? $"; the driver refused {step.RefusedGraphs} graph(s)" : string.Empty;
            string solves = string.Join(", ", report.Methods.Where(method => method.Launches is not null).Select(
                method => $"{method.Name} {method.Launches!.Launches:F0} in {method.Launches.DriverCalls:F0}"));
            AnsiConsole.MarkupLine(Markup.Escape(
                $"Launches per training step: {step.Launches:F1} in {step.DriverCalls:F1} calls of the driver, {step.Graphs:F2} of them graphs{refused}. "
                + $"Per estimate: {solves}."));
        }
    }

    private static void PrintBase(TrainReport train)
    {
        if (train.BaseSelection is { } selection)
        {
            AnsiConsole.MarkupLine(Markup.Escape(
                $"Base by pilot trainings judged on {selection.Rows} held-out rows: {selection.Chosen}."));
            foreach (BaseCandidate candidate in selection.Candidates)
            {
                string label = candidate.LabelLoss is { } loss ? $", label loss {loss:F4}" : string.Empty;
                string pilot = candidate.FlowLoss is { } flow ? $", {candidate.Steps} steps): flow loss {flow:F4}{label}; " : ", no pilot): ";
                AnsiConsole.MarkupLine(Markup.Escape($"  {candidate.Base} ({candidate.Summary}{pilot}{candidate.Verdict}"));
            }
        }

        if (train.Base is not null)
        {
            string gate = train.Gate is [var velocity, var score]
                ? $"; of what the networks add, {velocity:P0} of the velocity and {score:P0} of the score are kept"
                : string.Empty;
            AnsiConsole.MarkupLine(Markup.Escape($"Base: {train.Base}{gate}."));
        }
    }

    private static string? Number(double? value, double? standardError) => value is not { } number
        ? null
        : standardError is { } error ? $"{number:F4} ± {error:F4}" : $"{number:F4}";
}
