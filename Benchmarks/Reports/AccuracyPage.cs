using FlowRatio.Benchmarks.Accuracy;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>The page of the accuracy study, finished or on its way.</summary>
/// <param name="grid">What is run.</param>
/// <param name="results">Finished cells; at least one.</param>
/// <param name="count">Number of cells in all.</param>
/// <param name="failures">Cells that failed.</param>
/// <param name="command">The command line.</param>
internal sealed class AccuracyPage(
    AccuracyGrid grid,
    IReadOnlyList<CellResult> results,
    int count,
    IReadOnlyList<(GridCell Cell, string Reason)> failures,
    string command)
{
    private readonly IReadOnlyList<AccuracyRow> rows = AccuracySummary.Of(results);

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage("Accuracy of log-ratios at equal training", Lead())
        {
            Kicker = "FlowRatio · accuracy",
            Summary = [new KeyFigures(KeyNumbers())],
        };
        foreach (IGrouping<string, AccuracyRow> pair in rows.GroupBy(row => row.Task))
        {
            page.Add(
                grid.Tasks.First(task => task.Name == pair.Key).Title,
                [.. pair.GroupBy(row => row.Dimension).OrderBy(group => group.Key).Select(group => Errors(pair.Key, group.Key, [.. group]))]);
        }

        page.Add("All numbers", Table());
        page.Add("What was run", WhatWasRun());
        return page;
    }

    private string Lead()
    {
        string done = results.Count == count
            ? $"All {ReportNumber.Whole(count)} cells of the study are finished."
            : $"{ReportNumber.Whole(results.Count)} of {ReportNumber.Whole(count)} cells of the study are finished.";
        return "Errors of log-ratios whose truth is known, for each idea of training alone and for all together, beside other methods with the same training "
            + $"points. {done}";
    }

    private KeyFigure[] KeyNumbers()
    {
        List<KeyFigure> figures = [new("cells finished", $"{ReportNumber.Whole(results.Count)} of {ReportNumber.Whole(count)}")];
        double[] gains =
        [
            .. rows.GroupBy(row => (row.Task, row.Dimension))
                .Select(group => Best(group, AccuracyVariant.Plain) / Best(group, AccuracyVariant.Recommended))
                .Where(double.IsFinite)
                .Order(),
        ];
        if (gains.Length > 0)
        {
            figures.Add(new KeyFigure(
                "Error without the ideas over error with the defaults",
                ReportNumber.Format(gains[gains.Length / 2]),
                $"median of {ReportNumber.Whole(gains.Length)} pairs; smallest {ReportNumber.Format(gains[0])}"));
        }

        return [.. figures];
    }

    private static double Best(IEnumerable<AccuracyRow> rows, string variant) =>
        rows.Where(row => row.Variant == variant).Select(row => row.Error.Mean).DefaultIfEmpty(double.NaN).Min();

    private static Figure Errors(string task, int dimension, AccuracyRow[] shown)
    {
        AccuracyTarget? target = AccuracyTarget.Find(task, dimension);
        bool isMutualInformation = task == AccuracyTask.MutualInformation;
        string quantity = isMutualInformation ? "error of the mean (nats)" : "MSE (nats²)";
        AccuracyRow[] drawn = [.. shown.Where(row => double.IsFinite(row.Error.Mean) && row.Error.Mean > 0)];
        var chart = new DotChart(
            new Axis(quantity) { Scale = AxisScale.Log },
            [.. drawn.Select(row => new DotRow(MethodStyles.Of(row.Method) with { Name = Label(row) }, row.Error.Mean, row.Error.StandardError))],
            $"{quantity} of {drawn.Length} variants and methods in dimension {dimension}.")
        {
            Level = target?.Target,
        };
        string caption = $"Dimension {dimension}: {quantity}, logarithmic axis. Bars are one standard error"
            + (shown.Max(row => row.Repetitions) > 1 ? $" over {shown.Max(row => row.Repetitions)} repetitions." : " over test points.")
            + (target is null ? string.Empty : $" The line is the target, {ReportNumber.Format(target.Target)}; the smallest published error is {ReportNumber.Format(target.Published)}.");
        return new Figure(
            caption,
            [chart],
            new ReportTable(
                caption,
                [new("variant", IsNumber: false), new("method", IsNumber: false), new(quantity)],
                [.. shown.Select(row => (ReportCell[])[row.Variant, MethodStyles.Of(row.Method), Text(row.Error)])]));
    }

    private static string Label(AccuracyRow row) => row.Variant == row.Method ? row.Method : $"{row.Variant}, {row.Method}";

    private ReportTable Table() => new(
        "Means over the finished repetitions; ± is the standard error over repetitions, for a single one that over its test points.",
        [
            new("pair", IsNumber: false), new("dimension", IsNumber: false), new("variant", IsNumber: false), new("method", IsNumber: false), new("runs"),
            new("MSE (nats²)"), new("error of the mean (nats)"), new("bias (nats)"), new("training (s)"), new("points lost"),
        ],
        [
            .. rows.Select(row => (ReportCell[])
            [
                row.Task, ReportNumber.Whole(row.Dimension), row.Variant, MethodStyles.Of(row.Method), ReportNumber.Whole(row.Repetitions), Text(row.Mse),
                row.AbsError is { } error ? Text(error) : "–", ReportNumber.Format(row.Bias), ReportNumber.Format(row.TrainSeconds),
                ReportNumber.Whole(row.NonFinite),
            ]),
        ]);

    private static string Text(MeanError error) => ReportNumber.WithError(error.Mean, error.StandardError);

    private List<ReportBlock> WhatWasRun()
    {
        List<ReportBlock> blocks =
        [
            new Paragraph("A cell is one training and the estimates from it. Repetition r of seed s has the seed 1000 s + r for data, training and probes. "
                + FlowArguments.Describe(grid.Options.Estimation)),
            new Listing("This page was made by", command),
            new ReportTable(
                "The variants.",
                [new("variant", IsNumber: false), new("what it is", IsNumber: false)],
                [.. grid.Variants.Select(variant => (ReportCell[])[variant.Name, variant.Meaning])]),
            new ReportTable(
                "Sizes before a variant changes them.",
                [new("option", IsNumber: false), new("value")],
                [.. grid.Options.Reported.Select(entry => (ReportCell[])[entry.Key, OptionText.Of(entry.Value)])]),
        ];
        if (failures.Count > 0)
        {
            blocks.Add(new ReportTable(
                "Cells that failed; the same command tries them again.",
                [new("cell", IsNumber: false), new("reason", IsNumber: false)],
                [.. failures.Select(failure => (ReportCell[])[failure.Cell.Label, failure.Reason])]));
        }

        return blocks;
    }
}
