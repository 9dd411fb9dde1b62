using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A row of numbers that a reader should see first.</summary>
/// <param name="figures">Three to five of them.</param>
public sealed class KeyFigures(params IReadOnlyList<KeyFigure> figures) : ReportBlock
{
    private protected override void WriteTo(HtmlText html, PageNumbers numbers)
    {
        html.Open("dl", ("class", "key-figures"));
        foreach (KeyFigure figure in figures)
        {
            html.Open("div").Element("dt", figure.Label).Element("dd", figure.Value, ("class", "value"));
            if (figure.Note is { } note)
            {
                html.Element("dd", note, ("class", "note"));
            }

            html.Close("div");
        }

        html.Close("dl");
    }
}
