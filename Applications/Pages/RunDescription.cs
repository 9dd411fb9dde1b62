using FlowRatio.Reports.Blocks;

namespace FlowRatio.Applications.Pages;

/// <summary>What was run, for the last section of a page.</summary>
/// <param name="File">Name of the file with the cells.</param>
/// <param name="Command">The command line, or null.</param>
/// <param name="Facts">Options and other facts.</param>
public sealed record RunDescription(string File, string? Command, IReadOnlyList<(string Name, string Value)> Facts)
{
    internal IReadOnlyList<ReportBlock> Blocks() =>
    [
        new Paragraph("Every random number follows from the seed: the same command gives the same numbers, whatever the number of threads."),
        .. Command is null ? (ReportBlock[])[] : [new Listing("This page was made by", Command)],
        new Facts(Facts),
    ];
}
