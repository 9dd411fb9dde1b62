using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A command or a piece of a file, in fixed-width letters.</summary>
/// <param name="label">What it is.</param>
/// <param name="text">The text; line breaks are kept.</param>
public sealed class Listing(string label, string text) : ReportBlock
{
    private protected override void WriteTo(HtmlText html, PageNumbers numbers)
    {
        html.Open("div", ("class", "listing")).Element("p", label, ("class", "listing-label"));
        html.Open("pre", ("tabindex", "0")).Element("code", text).Close("pre");
        html.Close("div");
    }
}
