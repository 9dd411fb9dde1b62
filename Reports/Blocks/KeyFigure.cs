namespace FlowRatio.Reports.Blocks;

/// <summary>One number that a reader should see first.</summary>
/// <param name="Label">What it is, with its unit.</param>
/// <param name="Value">The number.</param>
/// <param name="Note">A few words below it, or null.</param>
public sealed record KeyFigure(string Label, string Value, string? Note = null);
