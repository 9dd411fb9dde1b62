using FlowRatio.Reports.Blocks;

namespace FlowRatio.Reports;

/// <summary>A part of a page under a heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Blocks">What it holds, in order.</param>
public sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks);
