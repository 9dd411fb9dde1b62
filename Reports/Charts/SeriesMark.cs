namespace FlowRatio.Reports.Charts;

/// <summary>How a series of a line chart is drawn.</summary>
public enum SeriesMark
{
    /// <summary>A line with a mark at every point.</summary>
    LineAndPoints,

    /// <summary>A line alone.</summary>
    Line,

    /// <summary>Marks alone.</summary>
    Points,

    /// <summary>A line of horizontal and vertical pieces, for a front of best values.</summary>
    Steps,
}
