using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>The page of a reproduction, finished or on its way.</summary>
/// <param name="grid">What is run.</param>
/// <param name="results">Finished cells; at least one.</param>
/// <param name="count">Number of cells in all.</param>
/// <param name="failures">Cells that failed.</param>
/// <param name="command">The command line.</param>
internal sealed class ReproductionPage(
    ReproductionGrid grid,
    IReadOnlyList<CellResult> results,
    int count,
    IReadOnlyList<(GridCell Cell, string Reason)> failures,
    string command)
{
    private readonly IReadOnlyList<GridRow> rows = GridSummary.Of(results);

    private bool IsMutualInformation => grid.Experiment == "mi";

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage(
            IsMutualInformation ? "Mutual information by log-ratios, reproduced" : "Log-ratios of shifted Gaussians, reproduced",
            Lead())
        {
            Kicker = $"FlowRatio · reproduce {grid.Experiment}",
            Summary = [new KeyFigures(KeyNumbers())],
        };
        page.Add("Error against dimension", [.. grid.Difficulties.SelectMany(Errors)]);
        page.Add("All numbers", Table());
        page.Add("Cost", [CostFigure.Of(rows, grid), .. WorkPrecisionFigure.Of(results, rows, grid)]);
        if (Scatter() is { } scatter)
        {
            page.Add("Estimates point by point", scatter);
        }

        page.Add("What was run", WhatWasRun());
        return page;
    }

    private string Lead()
    {
        string done = results.Count == count
            ? $"All {ReportNumber.Whole(count)} cells of the grid are finished."
            : $"{ReportNumber.Whole(results.Count)} of {ReportNumber.Whole(count)} cells of the grid are finished.";
        string what = IsMutualInformation
            ? "The mean log-ratio of correlated against independent coordinates, an estimate of their mutual information, beside the published errors."
            : "Mean squared errors of log-ratios between N(shift, I) and N(0, I), beside the published ones.";
        return $"{what} {done}";
    }

    private KeyFigure[] KeyNumbers()
    {
        GridRow[] finite = [.. rows.Where(row => double.IsFinite(Error(row).Mean))];
        List<KeyFigure> figures = [new("cells finished", $"{ReportNumber.Whole(results.Count)} of {ReportNumber.Whole(count)}")];
        double[] ratios = [.. finite
            .Select(row => PublishedCounterpart.Of(grid.Experiment, row) is { } published ? Error(row).Mean / published.Mean : double.NaN)
            .Where(double.IsFinite)
            .Order()];
        if (ratios.Length > 0)
        {
            figures.Add(new KeyFigure(
                "Error over published error", ReportNumber.Format(ratios[ratios.Length / 2]), $"median of {ReportNumber.Whole(ratios.Length)} comparisons"));
        }

        int hardest = grid.Dimensions.Max();
        if (finite.Where(row => row.Dimension == hardest && row.Difficulty == grid.Difficulties[0]).MinBy(row => Error(row).Mean) is { } best)
        {
            figures.Add(new KeyFigure(
                IsMutualInformation ? $"Smallest error, d = {hardest}, nats" : $"Smallest MSE, d = {hardest}, nats²",
                ReportNumber.WithError(Error(best).Mean, Error(best).StandardError),
                best.Schedule is null ? best.Method : $"{best.Method}, {best.Schedule.Name}"));
        }

        double seconds = results.Sum(result => Seconds(result.Report));
        figures.Add(new KeyFigure("Time of training and estimation", ReportNumber.Duration(seconds), grid.IsPaper ? "published protocol" : "reduced protocol"));
        return [.. figures];
    }

    private static double Seconds(ExperimentReport report) => report.Methods.Sum(method => method.Seconds)
        + (report.Methods.All(method => method.Train is null) ? report.Train.Seconds : report.Methods.Sum(method => method.Train?.Seconds ?? 0));

    private static MeanError Error(GridRow row) => row.AbsError ?? row.Mse;

    private IEnumerable<ReportBlock> Errors(double difficulty)
    {
        if (!rows.Any(row => row.Difficulty == difficulty))
        {
            yield break;
        }

        string where = grid.Difficulties.Count == 1 && !IsMutualInformation ? string.Empty
            : IsMutualInformation ? $" Correlation {difficulty}." : $" Shift {difficulty}.";
        if (IsMutualInformation)
        {
            yield return DimensionFigure.Of(
                rows, grid, difficulty, "error of the mean (nats)", row => row.AbsError!.Value, isPublished: true,
                "Error of the estimated mutual information against dimension, both axes logarithmic. Hollow marks with dashed lines are the "
                    + "published errors; they were measured against a truth larger than that of their data by up to 1.7 nats." + where);
        }

        yield return DimensionFigure.Of(
            rows, grid, difficulty, "MSE (nats²)", row => row.Mse, isPublished: !IsMutualInformation,
            IsMutualInformation
                ? "Mean squared error of the single points' log-ratios against dimension, both axes logarithmic." + where
                : "Mean squared error of the log-ratio against dimension, both axes logarithmic." + where
                    + " Hollow marks with dashed lines are the published means.");
    }

    private ReportTable Table()
    {
        List<ReportColumn> columns =
        [
            new("dimension", IsNumber: false),
            new(IsMutualInformation ? "correlation" : "shift", IsNumber: false),
            new("method", IsNumber: false),
            new("schedule", IsNumber: false),
            new("runs"),
        ];
        if (IsMutualInformation)
        {
            columns.AddRange([new("error of the mean (nats)"), new("published"), new("repository"), new("MSE (nats²)")]);
        }
        else
        {
            columns.AddRange([new("MSE (nats²)"), new("published"), new("ours / published")]);
        }

        columns.AddRange([new("training (s)"), new("estimation (s)"), new("evaluations")]);
        return new ReportTable(
            "Means over the finished repetitions; ± is the standard error over repetitions, for a single one that over its test points. Training "
                + "seconds of a flow are shared by its methods."
                + (IsMutualInformation
                    ? " Repository: newer runs of the paper's authors, scored against the truth of their data."
                    : " Published flow errors carry no standard error."),
            columns,
            [
                .. rows.OrderBy(row => row.Difficulty).ThenBy(row => row.Dimension).ThenBy(row => row.Schedule is null).ThenBy(row => row.Schedule?.Name)
                    .Select(row => Cells(row)),
            ]);
    }

    private List<ReportCell> Cells(GridRow row)
    {
        MeanError? published = PublishedCounterpart.Of(grid.Experiment, row);
        List<ReportCell> cells =
        [
            ReportNumber.Whole(row.Dimension),
            OptionText.Of(row.Difficulty),
            MethodStyles.Of(row.Method),
            row.Schedule?.Name ?? "–",
            ReportNumber.Whole(row.Repetitions),
            Text(Error(row)),
            Text(published),
        ];
        if (IsMutualInformation)
        {
            cells.Add(Text(PublishedCounterpart.Of(grid.Experiment, row, inPaper: false)));
            cells.Add(Text(row.Mse));
        }
        else
        {
            cells.Add(published is { } value ? ReportNumber.Format(row.Mse.Mean / value.Mean, 2) : "–");
        }

        cells.AddRange([ReportNumber.Format(row.TrainSeconds), ReportNumber.Format(row.Seconds), ReportNumber.Count(Math.Round(row.Evaluations, 1))]);
        return cells;
    }

    private static string Text(MeanError? error) => error is { } value ? ReportNumber.WithError(value.Mean, value.StandardError) : "–";

    private Figure? Scatter()
    {
        int[] dimensions = [.. results.Select(result => result.Cell.Task.Dimension).Distinct().Order()];
        int middle = dimensions[dimensions.Length / 2];
        MethodReport[] methods =
        [
            .. results
                .Where(result => result.Cell is { Repetition: 1 } cell
                    && cell.Task.Dimension == middle
                    && cell.Difficulty == grid.Difficulties[0]
                    && (cell.Schedule is null || cell.Schedule == grid.Schedules[0]))
                .SelectMany(result => result.Report.Methods)
                .Where(method => method.Scatter is { Count: > 0 }),
        ];
        return methods.Length == 0 ? null : ScatterFigure.Of(methods, $" Dimension {middle}, first repetition.");
    }

    private List<ReportBlock> WhatWasRun()
    {
        List<ReportBlock> blocks =
        [
            new Paragraph("A cell is one training and the estimates from it. Repetition r of seed s has the seed 1000 s + r for data, training and "
                + "probes; the command of the experiment with that seed repeats a cell. " + FlowArguments.Describe(grid.Options.Estimation)),
            new Listing("This page was made by", command),
            new ReportTable(
                "Settings of this grid beside the published ones.",
                [new("setting", IsNumber: false), new("here"), new("published")],
                [.. ProtocolNotes.Rows(grid).Select(row => (ReportCell[])[row.Name, new ReportCell(row.Here, IsStrong: row.Here != row.Published), row.Published])]),
            new Paragraph(IsMutualInformation ? MutualInformationNote : GaussianNote),
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

    private const string GaussianNote =
        "Published values: arXiv 2602.24201 and its repository. Flow and naive means are read from the figure, of runs that were rounded to two decimals; "
        + "their simulating field is that of each point's own class, ours in s1 the numerator's; their networks were selected on test error. TSM, CTSM and CTSM-v "
        + "are as run by the paper's authors on two-sided bridge paths; ctsmv-onesided is in their repository but not in the paper.";

    private const string MutualInformationNote =
        "Published values: arXiv 2602.24201. Its data have the correlation 0.79506 but its truth is that of 0.8, which is larger by 0.11, 0.22, 0.43, 0.87, "
        + "1.73 nats in dimension 20, 40, 80, 160, 320; here data and truth have the same correlation. Its flow is three unconditional networks, ours one "
        + "conditional one.";
}
