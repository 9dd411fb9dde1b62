using FlowRatio.Reports.Charts;
using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A series' mark, drawn as in the charts, for legends and tables.</summary>
internal static class SeriesSwatch
{
    /// <summary>Writes the mark, hidden from readers who hear the page (the name follows it).</summary>
    public static void Write(HtmlText html, SeriesStyle series)
    {
        html.Open(
            "svg",
            ("class", "swatch"),
            ("viewBox", "-7 -7 14 14"),
            ("aria-hidden", "true"),
            ("style", $"--stroke:{series.ColorVariable};--fill:{series.FillVariable}"));
        html.Markup((series.IsLine, series.IsReference) switch
        {
            (true, true) => "<path d=\"M-7 0h14\" stroke-dasharray=\"4 2.5\"/>",
            (true, false) => "<path d=\"M-7 0h14\"/>",
            _ => $"<path d=\"{Path(series.Shape)}\"/>",
        }).Close("svg");
    }

    private static string Path(SeriesShape shape) => shape switch
    {
        SeriesShape.Circle => "M-4.4 0a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0z",
        SeriesShape.Square => "M-4 -4h8v8h-8z",
        SeriesShape.Diamond => "M0 -5.4L4.6 0L0 5.4L-4.6 0z",
        SeriesShape.TriangleUp => "M0 -4.8L5 4H-5z",
        SeriesShape.TriangleDown => "M0 4.8L5 -4H-5z",
        _ => "M-1.7 -5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z",
    };
}
