namespace FlowRatio.Reports.Charts;

/// <summary>A row of a dot chart.</summary>
/// <param name="Style">Its look; the name is the row's label.</param>
/// <param name="Value">Where the dot is.</param>
/// <param name="Error">Half the length of its error bar, or null for none.</param>
/// <param name="Reference">Somebody else's value for the same row, drawn hollow; null for none.</param>
public readonly record struct DotRow(SeriesStyle Style, double Value, double? Error = null, double? Reference = null);
