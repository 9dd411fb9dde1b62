using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Error against dimension: one panel per schedule of the flow, and one of the baselines.</summary>
internal static class DimensionFigure
{
    private const double Margin = 1.12;

    /// <summary>The figure.</summary>
    /// <param name="rows">Means over repetitions.</param>
    /// <param name="grid">What was run.</param>
    /// <param name="difficulty">Which shift or correlation.</param>
    /// <param name="quantity">Name and unit of the error.</param>
    /// <param name="error">The error of a row.</param>
    /// <param name="isPublished">Whether published values exist for this error.</param>
    /// <param name="caption">What one sees.</param>
    public static Figure Of(
        IReadOnlyList<GridRow> rows,
        ReproductionGrid grid,
        double difficulty,
        string quantity,
        Func<GridRow, MeanError> error,
        bool isPublished,
        string caption)
    {
        GridRow[] shown = [.. rows.Where(row => row.Difficulty == difficulty)];
        MeanError? Published(GridRow row) => isPublished ? PublishedCounterpart.Of(grid.Experiment, row) : null;
        Axis y = new Axis(quantity) { Scale = AxisScale.Log }.Covering(shown.SelectMany(row => Extent(error(row))
            .Concat(Published(row) is { } published ? [published.Mean] : [])));
        List<Chart> panels =
        [
            .. shown.GroupBy(row => row.Schedule).OrderBy(group => group.Key is null).Select(group => new LineChart(
                DimensionAxis(grid),
                y,
                [.. Lines(group, error), .. References(group, Published)],
                Describe(quantity, group.Key?.Name, group, error)) { Title = group.Key is null ? "baselines" : $"flow, {group.Key.Name}" }),
        ];
        int repetitions = shown.Max(row => row.Repetitions);
        string errorBars = " Bars are one standard error" + (repetitions > 1 ? $" over {repetitions} repetitions." : " over test points.");
        return new Figure(
            caption + errorBars,
            panels,
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("schedule", IsNumber: false), new("dimension"), new(quantity), new("published")],
                [.. shown.OrderBy(row => row.Method).ThenBy(row => row.Dimension).Select(row => (ReportCell[])
                [
                    MethodStyles.Of(row.Method),
                    row.Schedule?.Name ?? "–",
                    ReportNumber.Whole(row.Dimension),
                    ReportNumber.WithError(error(row).Mean, error(row).StandardError),
                    Published(row) is { } published ? ReportNumber.WithError(published.Mean, published.StandardError) : "–",
                ])]))
        {
            PanelWidth = panels.Count == 3 ? 280 : 380,
        };
    }

    /// <summary>The axis of dimensions, with a tick at each.</summary>
    public static Axis DimensionAxis(ReproductionGrid grid) => new("dimension")
    {
        Scale = AxisScale.Log,
        Ticks = [.. grid.Dimensions.Order().Select(dimension => (double)dimension)],
        Domain = (grid.Dimensions.Min() / Margin, grid.Dimensions.Max() * Margin),
    };

    private static IEnumerable<LineSeries> Lines(IEnumerable<GridRow> rows, Func<GridRow, MeanError> error) => rows
        .GroupBy(row => row.Method)
        .Select(group => new LineSeries(
            MethodStyles.Of(group.Key),
            [.. group.OrderBy(row => row.Dimension).Select(row => LinePoint.WithError(row.Dimension, error(row).Mean, error(row).StandardError))]));

    private static IEnumerable<LineSeries> References(IEnumerable<GridRow> rows, Func<GridRow, MeanError?> published) => rows
        .GroupBy(row => row.Method)
        .Select(group => new LineSeries(
            MethodStyles.Published(group.Key),
            [
                .. group.OrderBy(row => row.Dimension).Where(row => published(row) is not null)
                    .Select(row => LinePoint.WithError(row.Dimension, published(row)!.Value.Mean, published(row)!.Value.StandardError)),
            ]))
        .Where(series => series.Points.Count > 0);

    private static IEnumerable<double> Extent(MeanError error) => [error.Mean, error.Mean - error.StandardError, error.Mean + error.StandardError];

    private static string Describe(string quantity, string? schedule, IEnumerable<GridRow> rows, Func<GridRow, MeanError> error) =>
        $"{quantity} against dimension, {(schedule is null ? "baselines" : $"schedule {schedule}")}, one line per method. "
        + string.Join("; ", rows.GroupBy(row => row.Method).Select(group => $"{group.Key}: "
            + string.Join(", ", group.OrderBy(row => row.Dimension).Select(row => $"{ReportNumber.Format(error(row).Mean)} at {row.Dimension}"))));
}
