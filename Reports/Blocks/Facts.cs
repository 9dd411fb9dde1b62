using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>Names and values, in columns: the options of a run, for one.</summary>
/// <param name="facts">Names and values.</param>
public sealed class Facts(IEnumerable<(string Name, string Value)> facts) : ReportBlock
{
    private protected override void WriteTo(HtmlText html, PageNumbers numbers)
    {
        html.Open("dl", ("class", "facts"));
        foreach ((string name, string value) in facts)
        {
            html.Open("div").Element("dt", name).Element("dd", value).Close("div");
        }

        html.Close("dl");
    }
}
