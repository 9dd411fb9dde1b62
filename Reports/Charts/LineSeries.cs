namespace FlowRatio.Reports.Charts;

/// <summary>A series of a line chart.</summary>
/// <param name="Style">Its look.</param>
/// <param name="Points">Its points in drawing order.</param>
/// <param name="Mark">Line, points, or both.</param>
public sealed record LineSeries(SeriesStyle Style, IReadOnlyList<LinePoint> Points, SeriesMark Mark = SeriesMark.LineAndPoints);
