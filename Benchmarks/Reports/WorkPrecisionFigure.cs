using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Error against the time of estimation, with the front of the best.</summary>
internal static class WorkPrecisionFigure
{
    private const double Milliseconds = 1000;
    private static readonly SeriesStyle Front = new("front", SeriesColor.Gray) { IsReference = true, IsLine = true };

    private sealed record Work(string Method, int? Steps, double MillisecondsPerPoint, double Mse);

    /// <summary>The figure, one panel per dimension of the grid's first task and schedule; nothing if no error against work was measured.</summary>
    public static IEnumerable<Figure> Of(IReadOnlyList<CellResult> results, IReadOnlyList<GridRow> rows, ReproductionGrid grid)
    {
        double difficulty = rows[0].Difficulty;
        var byDimension = results
            .Where(result => result.Cell.Difficulty == difficulty && (result.Cell.Schedule is null || result.Cell.Schedule == grid.Schedules[0]))
            .GroupBy(result => result.Cell.Task.Dimension)
            .OrderBy(group => group.Key)
            .Select(group => (Dimension: group.Key, Work: Measure(group)))
            .Where(panel => panel.Work.Any(work => work.Steps is not null))
            .ToList();
        if (byDimension.Count == 0)
        {
            yield break;
        }

        Axis x = new Axis("milliseconds per point") { Scale = AxisScale.Log }.Covering(
            byDimension.SelectMany(panel => panel.Work).Select(work => work.MillisecondsPerPoint));
        Axis y = new Axis("MSE (nats²)") { Scale = AxisScale.Log }.Covering(byDimension.SelectMany(panel => panel.Work).Select(work => work.Mse));
        string steps = string.Join(", ", grid.Options.WorkSteps);
        string caption = $"Error against the time of estimation. Methods of the flow are drawn for {steps} solver steps on up to 2,000 test points, "
            + "means over repetitions; baselines integrate to a tolerance and are one point each. The dashed front joins what nothing else beats in both. "
            + "Where a line turns flat, the error of the trained network is left.";
        yield return new Figure(
            caption,
            [
                .. byDimension.Select(panel => new LineChart(x, y, Series(panel.Work), Describe(panel.Dimension, panel.Work))
                {
                    Title = $"dimension {panel.Dimension}",
                }),
            ],
            new ReportTable(
                caption,
                [new("dimension"), new("method", IsNumber: false), new("solver steps"), new("milliseconds per point"), new("MSE (nats²)")],
                [.. byDimension.SelectMany(panel => panel.Work.Select(work => (ReportCell[])
                [
                    ReportNumber.Whole(panel.Dimension),
                    MethodStyles.Of(work.Method),
                    work.Steps is { } count ? ReportNumber.Whole(count) : "–",
                    ReportNumber.Format(work.MillisecondsPerPoint),
                    ReportNumber.Format(work.Mse),
                ]))]))
        {
            PanelWidth = byDimension.Count is 2 or 4 ? 380 : 270,
        };
    }

    private static List<Work> Measure(IEnumerable<CellResult> results)
    {
        List<Work> all = [];
        foreach (IGrouping<string, (CellResult Result, MethodReport Method)> entries in results
                     .SelectMany(result => result.Report.Methods.Select(method => (result, method))).GroupBy(entry => entry.method.Name))
        {
            if (entries.All(entry => entry.Method.Work is null))
            {
                all.Add(new Work(
                    entries.Key,
                    null,
                    Milliseconds * entries.Average(entry => entry.Method.Seconds / entry.Result.Cell.Options.TestPoints),
                    entries.Average(entry => entry.Method.Mse ?? double.NaN)));
                continue;
            }

            all.AddRange(entries.SelectMany(entry => entry.Method.Work ?? []).GroupBy(work => work.Steps).OrderBy(same => same.Key).Select(same => new Work(
                entries.Key, same.Key, Milliseconds * same.Average(work => work.SecondsPerPoint), same.Average(work => work.Mse))));
        }

        return all;
    }

    private static List<LineSeries> Series(List<Work> all)
    {
        List<LineSeries> series =
        [
            .. all.GroupBy(work => work.Method).Select(group => new LineSeries(
                MethodStyles.Of(group.Key), [.. group.Select(work => new LinePoint(work.MillisecondsPerPoint, work.Mse))])),
        ];

        // From fast to slow, whatever is more precise than everything faster.
        List<LinePoint> front = [];
        foreach (Work work in all.Where(work => double.IsFinite(work.Mse)).OrderBy(work => work.MillisecondsPerPoint))
        {
            if (front.Count == 0 || work.Mse < front[^1].Y)
            {
                front.Add(new LinePoint(work.MillisecondsPerPoint, work.Mse));
            }
        }

        series.Insert(0, new LineSeries(Front, front, SeriesMark.Steps));
        return series;
    }

    private static string Describe(int dimension, List<Work> all) =>
        $"Mean squared error against milliseconds per point, dimension {dimension}. " + string.Join("; ", all.GroupBy(work => work.Method).Select(
            group => $"{group.Key}: " + string.Join(", ", group.Select(
                work => $"{ReportNumber.Format(work.Mse)} at {ReportNumber.Format(work.MillisecondsPerPoint)} ms"))));
}
