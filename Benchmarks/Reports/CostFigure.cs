using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Seconds of training and estimation, and evaluations, against dimension.</summary>
internal static class CostFigure
{
    private static readonly SeriesStyle Flow = new("flow (shared)", SeriesColor.Blue, SeriesShape.Cross);

    /// <summary>The figure, for the grid's first task and schedule.</summary>
    public static Figure Of(IReadOnlyList<GridRow> rows, ReproductionGrid grid)
    {
        double difficulty = rows[0].Difficulty;
        GridRow[] shown = [.. rows.Where(row => row.Difficulty == difficulty && (row.Schedule is null || row.Schedule == grid.Schedules[0]))];
        string caption = "Wall-clock seconds of one training (a), seconds of estimation for all test points (b), and evaluations per point (c) against "
            + "dimension. Methods of the flow share one training. Times depend on the machine and on what else it does.";
        LineSeries[] training =
        [
            .. shown.GroupBy(row => row.Schedule is null ? MethodStyles.Of(row.Method) : Flow).Select(group => new LineSeries(
                group.Key,
                [.. group.GroupBy(row => row.Dimension).OrderBy(same => same.Key).Select(same => new LinePoint(same.Key, same.First().TrainSeconds))])),
        ];
        return new Figure(
            caption,
            [
                Panel("training", new Axis("seconds") { Scale = AxisScale.Log }, training, grid),
                Panel("estimation", new Axis("seconds") { Scale = AxisScale.Log }, Lines(shown, row => row.Seconds), grid),
                Panel("evaluations", new Axis("evaluations per point") { IncludeZero = true }, Lines(shown, row => row.Evaluations), grid),
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("dimension"), new("training (s)"), new("estimation (s)"), new("evaluations per point")],
                [.. shown.OrderBy(row => row.Method).ThenBy(row => row.Dimension).Select(row => (ReportCell[])
                [
                    MethodStyles.Of(row.Method),
                    ReportNumber.Whole(row.Dimension),
                    ReportNumber.Format(row.TrainSeconds),
                    ReportNumber.Format(row.Seconds),
                    ReportNumber.Count(Math.Round(row.Evaluations, 1)),
                ])]))
        {
            PanelWidth = 260,
        };
    }

    private static LineSeries[] Lines(IEnumerable<GridRow> rows, Func<GridRow, double> value) =>
    [
        .. rows.GroupBy(row => row.Method).Select(group => new LineSeries(
            MethodStyles.Of(group.Key), [.. group.OrderBy(row => row.Dimension).Select(row => new LinePoint(row.Dimension, value(row)))])),
    ];

    private static LineChart Panel(string title, Axis quantity, LineSeries[] series, ReproductionGrid grid) => new(
        DimensionFigure.DimensionAxis(grid),
        quantity,
        series,
        $"{title}, {quantity.Title} against dimension. " + string.Join("; ", series.Select(line =>
            $"{line.Style.Name}: {string.Join(", ", line.Points.Select(point => $"{ReportNumber.Format(point.Y)} at {point.X}"))}")))
    {
        Title = title,
    };
}
