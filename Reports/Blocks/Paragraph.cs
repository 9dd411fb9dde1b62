using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A paragraph of text.</summary>
/// <param name="text">The text.</param>
public sealed class Paragraph(string text) : ReportBlock
{
    private protected override void WriteTo(HtmlText html, PageNumbers numbers) => html.Element("p", text, ("class", "prose"));
}
