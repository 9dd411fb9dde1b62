using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A piece of a page.</summary>
public abstract class ReportBlock
{
    /// <summary>Writes the piece.</summary>
    private protected abstract void WriteTo(HtmlText html, PageNumbers numbers);

    internal void Write(HtmlText html, PageNumbers numbers) => WriteTo(html, numbers);
}
