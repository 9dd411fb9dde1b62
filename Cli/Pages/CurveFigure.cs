using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;
using FlowRatio.Training;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Pages;

/// <summary>Losses against training steps.</summary>
internal static class CurveFigure
{
    private const string References = "option." + nameof(TrainingOptions.TargetReferences);
    private static readonly SeriesStyle Training = new("training", SeriesColor.Gray, SeriesShape.Square);
    private static readonly SeriesStyle HeldOut = new("held out, averaged weights", SeriesColor.Green, SeriesShape.Circle);

    /// <summary>The figure, or null without a record.</summary>
    public static Figure? Of(TrainingRecord? training)
    {
        if (training is not { Curve.Count: > 0 })
        {
            return null;
        }

        bool isAveraged = training.Identity.GetValueOrDefault(References) is not (null or "0");
        string caption = "Loss against training steps. Training losses are means since the last point; held-out losses are those of the averaged weights."
            + (isAveraged ? " In training the targets are averaged over rows, which lowers that loss by the targets' variance: the gap says nothing about overfitting." : string.Empty);
        CurveRecord[] held = [.. training.Curve.Where(point => point.HeldOutVelocity is not null)];
        List<LineSeries> series = [new(Training, [.. training.Curve.Select(point => new LinePoint(point.Step, Total(point)))])];
        if (held.Length > 0)
        {
            series.Add(new LineSeries(HeldOut, [.. held.Select(point => new LinePoint(point.Step, HeldOutTotal(point)!.Value))]));
        }

        return new Figure(
            caption,
            [
                new LineChart(
                    new Axis("training steps") { IncludeZero = true },
                    new Axis("loss"),
                    series,
                    $"Learning curve: the training loss goes from {ReportNumber.Format(Total(training.Curve[0]), 4)} to {ReportNumber.Format(Total(training.Curve[^1]), 4)}."),
            ],
            new ReportTable(
                caption,
                [new("steps"), new("training loss"), new("held-out loss")],
                [.. training.Curve.Select(point => (IReadOnlyList<ReportCell>)(ReportCell[])
                [
                    ReportNumber.Whole(point.Step), ReportNumber.Format(Total(point), 4), ReportNumber.Format(HeldOutTotal(point), 4),
                ])]));
    }

    private static double Total(CurveRecord point) => point.Velocity + point.Score;

    private static double? HeldOutTotal(CurveRecord point) => point.HeldOutVelocity + point.HeldOutScore;
}
