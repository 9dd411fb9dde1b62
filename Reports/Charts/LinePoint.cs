namespace FlowRatio.Reports.Charts;

/// <summary>A point of a line chart.</summary>
/// <param name="X">Place.</param>
/// <param name="Y">Value.</param>
/// <param name="Low">Lower end of its error bar, or null for none.</param>
/// <param name="High">Upper end of its error bar, or null for none.</param>
public readonly record struct LinePoint(double X, double Y, double? Low = null, double? High = null)
{
    /// <summary>A value with a symmetric error bar.</summary>
    /// <param name="x">Place.</param>
    /// <param name="y">Value.</param>
    /// <param name="error">Standard error; none is drawn if it is not a positive number.</param>
    public static LinePoint WithError(double x, double y, double? error) =>
        error is > 0 and < double.PositiveInfinity ? new LinePoint(x, y, y - error, y + error) : new LinePoint(x, y);
}
