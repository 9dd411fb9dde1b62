using FlowRatio.Reports.Charts;

namespace FlowRatio.Reports.Blocks;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says; empty for nothing.</param>
/// <param name="Series">The series it names, whose mark is drawn before the text; or null.</param>
/// <param name="IsStrong">Whether it stands out (the best of a column).</param>
public readonly record struct ReportCell(string Text, SeriesStyle? Series = null, bool IsStrong = false)
{
    /// <summary>A cell with a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ReportCell(string text) => FromString(text);

    /// <summary>A cell that names a series.</summary>
    /// <param name="series">The series.</param>
    public static implicit operator ReportCell(SeriesStyle series) => FromSeriesStyle(series);

    /// <summary>A cell with a text.</summary>
    /// <param name="text">The text.</param>
    public static ReportCell FromString(string text) => new(text);

    /// <summary>A cell that names a series.</summary>
    /// <param name="series">The series.</param>
    public static ReportCell FromSeriesStyle(SeriesStyle series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return new ReportCell(series.Name, series);
    }
}
