using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Keeps the learning curve of a baseline while passing its progress on.</summary>
/// <param name="inner">Who is told as well, or null.</param>
internal sealed class TimeScoreCurve(IProgress<TimeScoreProgress>? inner) : IProgress<TimeScoreProgress>
{
    private const int MostPoints = 40;
    private readonly List<CurvePoint> reports = [];

    /// <summary>The curve: means of reports in a row, so that it is as smooth as a curve of few points should be.</summary>
    public IReadOnlyList<CurvePoint> Points =>
        [.. reports.Chunk(1 + ((reports.Count - 1) / MostPoints)).Select(part => new CurvePoint(part[^1].Step, part.Average(point => point.Training)))];

    /// <inheritdoc/>
    public void Report(TimeScoreProgress value)
    {
        reports.Add(new CurvePoint(value.Step, value.Loss));
        inner?.Report(value);
    }
}
