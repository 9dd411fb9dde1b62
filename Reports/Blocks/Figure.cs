using FlowRatio.Reports.Charts;
using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>One chart, or several panels, with one legend, one caption and the numbers behind it.</summary>
public sealed class Figure : ReportBlock
{
    private const int CanvasFrom = 4000;

    // Of the text (its padding depends on the window) and between panels, as page.css has them.
    private const int NarrowestPage = 960;
    private const int WidestPage = 972;
    private const int Gap = 29;

    private readonly string caption;
    private readonly IReadOnlyList<Chart> panels;
    private readonly ReportTable data;

    /// <summary>Creates the figure.</summary>
    /// <param name="caption">What one sees.</param>
    /// <param name="panels">Charts, side by side where there is room; several are lettered a, b, c.</param>
    /// <param name="data">The numbers, or a summary of them: the text alternative, folded away.</param>
    /// <exception cref="ArgumentException">There are no panels.</exception>
    public Figure(string caption, IReadOnlyList<Chart> panels, ReportTable data)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentNullException.ThrowIfNull(data);
        if (panels.Count == 0)
        {
            throw new ArgumentException("A figure needs at least one chart.", nameof(panels));
        }

        this.caption = caption;
        this.panels = panels;
        this.data = data;
    }

    /// <summary>Smallest width of a panel in pixels; narrower pages show one below the other.</summary>
    public int PanelWidth { get; init; } = 300;

    /// <summary>The charts.</summary>
    internal IReadOnlyList<Chart> Panels => panels;

    /// <summary>Whether the legend is written; panels with one series each may name it in their titles instead.</summary>
    public bool HasLegend { get; init; } = true;

    private protected override void WriteTo(HtmlText html, PageNumbers numbers)
    {
        int number = numbers.NextFigure();
        html.Open("figure", ("class", "chart-figure"), ("id", $"figure-{number}"));
        WriteLegend(html);
        html.Open("div", ("class", "panels"), ("style", $"--panel-width:{Basis()}px"));
        for (int i = 0; i < panels.Count; i++)
        {
            WritePanel(html, panels[i], panels.Count > 1 ? Letter(i) : null);
        }

        html.Close("div");
        html.Open("figcaption").Element("b", $"Figure {number}.").Text(" " + caption).Close("figcaption");
        html.Open("details").Element("summary", $"Numbers of figure {number}");
        data.WriteGrid(html, $"Numbers of figure {number}");
        html.Close("details");
        html.Close("figure");
    }

    /// <summary>
    /// Smallest width of a panel with which the rows of a wide page are as even as can be: four panels are two rows of two where three would fit beside each other.
    /// </summary>
    private int Basis()
    {
        int most = Math.Max(1, (NarrowestPage + Gap) / (PanelWidth + Gap));
        int rows = (panels.Count + most - 1) / most;
        int columns = (panels.Count + rows - 1) / rows;
        return Math.Max(PanelWidth, ((WidestPage - (columns * Gap)) / (columns + 1)) + 1);
    }

    private static string Letter(int index) => index < 26 ? ((char)('a' + index)).ToString() : (index + 1).ToString();

    private static void WritePanel(HtmlText html, Chart chart, string? letter)
    {
        html.Open("div", ("class", "panel"));
        if (letter is not null || chart.Title is not null)
        {
            html.Open("p", ("class", "panel-title"));
            if (letter is not null)
            {
                html.Element("b", letter);
            }

            html.Text(chart.Title ?? string.Empty).Close("p");
        }

        html.Open(
            "div",
            ("class", "chart"),
            ("role", "img"),
            ("aria-label", chart.Description),
            ("data-renderer", chart.MarkCount >= CanvasFrom ? "canvas" : "svg"),
            ("style", $"min-height:{chart.PlotHeight}px"));
        html.Close("div");

        // Vega-Lite, as it can be pasted into any tool that reads it; ToJson escapes what could end the element.
        html.Markup("<script type=\"application/json\" class=\"specification\">").Markup(chart.ToJson()).Close("script");
        html.Close("div");
    }

    private void WriteLegend(HtmlText html)
    {
        SeriesStyle[] series = [.. panels.SelectMany(panel => panel.Series).Distinct().OrderBy(style => style.IsReference)];
        if (!HasLegend || series.Length == 0)
        {
            return;
        }

        html.Open("ul", ("class", "legend"));
        foreach (SeriesStyle style in series)
        {
            html.Open("li");
            SeriesSwatch.Write(html, style);
            html.Text(style.Name).Close("li");
        }

        html.Close("ul");
    }
}
