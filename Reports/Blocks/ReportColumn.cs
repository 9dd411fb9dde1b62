namespace FlowRatio.Reports.Blocks;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading, with the unit.</param>
/// <param name="IsNumber">Whether its cells are numbers, which are set flush right.</param>
public sealed record ReportColumn(string Title, bool IsNumber = true);
