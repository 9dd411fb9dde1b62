using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>Losses against training steps: one panel for the flow, one per method with a training of its own.</summary>
internal static class LearningCurveFigure
{
    private static readonly SeriesStyle Training = new("training", SeriesColor.Gray, SeriesShape.Square);
    private static readonly SeriesStyle Validation = new("held out, averaged weights", SeriesColor.Blue, SeriesShape.Circle);

    /// <summary>The figure, or null if no curve was kept.</summary>
    public static Figure? Of(ExperimentReport report)
    {
        (string Name, IReadOnlyList<CurvePoint> Curve)[] trainings =
        [
            // Where only baselines ran, the report's training is that of the first of them.
            .. report.Methods.Select(method => (method.Name, method.Train)).Prepend((Name: "flow", report.Train))
                .Where(training => training.Name != "flow" || report.Methods.Any(method => method.Train is null))
                .Where(training => training.Train?.Curve is { Count: > 0 })
                .Select(training => (training.Name, training.Train!.Curve!)),
        ];
        if (trainings.Length == 0)
        {
            return null;
        }

        bool hasValidation = trainings.Any(training => training.Curve.Any(point => point.Validation is not null));
        string caption = "Loss against training steps. Training losses are means since the last point"
            + (hasValidation ? "; held-out losses are those of the averaged weights." : ".");
        return new Figure(
            caption,
            [.. trainings.Select(training => Panel(training.Name, training.Curve, trainings.Length > 1))],
            new ReportTable(
                caption,
                [new("training", IsNumber: false), new("steps"), new("training loss"), new("held-out loss")],
                [.. trainings.SelectMany(training => training.Curve.Select(point => (ReportCell[])
                [
                    training.Name, ReportNumber.Whole(point.Step), ReportNumber.Format(point.Training, 4), ReportNumber.Format(point.Validation, 4),
                ]))]));
    }

    private static LineChart Panel(string name, IReadOnlyList<CurvePoint> curve, bool hasTitle)
    {
        List<LineSeries> series = [new(Training, [.. curve.Select(point => new LinePoint(point.Step, point.Training))])];
        if (curve.Any(point => point.Validation is not null))
        {
            series.Add(new LineSeries(
                Validation,
                [.. curve.Where(point => point.Validation is not null).Select(point => new LinePoint(point.Step, point.Validation!.Value))]));
        }

        return new LineChart(
            new Axis("training steps") { IncludeZero = true },
            new Axis("loss"),
            series,
            $"Learning curve of {name}: the training loss goes from {ReportNumber.Format(curve[0].Training, 4)} to {ReportNumber.Format(curve[^1].Training, 4)} "
                + $"in {ReportNumber.Whole(curve[^1].Step)} steps.")
        {
            Title = hasTitle ? name : null,
        };
    }
}
