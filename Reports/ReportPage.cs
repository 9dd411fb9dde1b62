using System.Security.Cryptography;
using System.Text;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;
using FlowRatio.Reports.Html;

namespace FlowRatio.Reports;

/// <summary>
/// A report: one HTML file with its charts, fonts and scripts inside, to be read without network. Its content security policy forbids the
/// network and runs only the page's own scripts, by their hashes.
/// </summary>
public sealed class ReportPage
{
    private const int ContentsFrom = 4;

    // In the order they need each other.
    private static readonly string[] Scripts = ["Vega/vega.min.js", "Vega/vega-lite.min.js", "Vega/vega-embed.min.js", "page.js"];
    private static readonly string[] Licences = ["Vega/LICENSE-vega.txt", "Vega/LICENSE-vega-lite.txt", "Vega/LICENSE-vega-embed.txt"];

    private readonly List<ReportSection> sections = [];

    /// <summary>Starts a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="lead">One or two sentences: what was done and what came out.</param>
    /// <exception cref="ArgumentException">The title is empty.</exception>
    public ReportPage(string title, string lead)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(lead);
        Title = title;
        Lead = lead;
    }

    /// <summary>Title of the page.</summary>
    public string Title { get; }

    /// <summary>What was done and what came out.</summary>
    public string Lead { get; }

    /// <summary>Small line above the title.</summary>
    public string Kicker { get; init; } = "FlowRatio";

    /// <summary>What stands between the title and the first section, like key figures.</summary>
    public IReadOnlyList<ReportBlock> Summary { get; init; } = [];

    /// <summary>Last line of the page.</summary>
    public string Colophon { get; init; } = string.Empty;

    /// <summary>Adds a section.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="blocks">What it holds, in order.</param>
    public void Add(string title, params IReadOnlyList<ReportBlock> blocks) => sections.Add(new ReportSection(title, blocks));

    /// <summary>The page.</summary>
    /// <exception cref="InvalidOperationException">
    /// A chart shows signs by the colours of another's series (<see cref="SeriesColors.IsSign"/>): on one page a colour has one meaning.
    /// </exception>
    public string ToHtml()
    {
        RequireOneMeaningPerColor();
        string[] scripts = [.. Scripts.Select(ReadScript)];
        var html = new HtmlText();
        html.Markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy(scripts))).Markup("\n")
            .Markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Markup("<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Element("title", Title)
            .Markup("<style>\n").Markup(ReportAsset.Text("page.css")).Markup(FontFaces()).Markup("</style>\n</head>\n<body>\n");
        WriteHeader(html);
        WriteMain(html);
        WriteFooter(html);
        html.Markup("<script type=\"application/json\" id=\"chart-theme\">").Markup(ReportAsset.Text("chart-theme.json")).Close("script");
        html.Markup("<!--\nCharts: Vega, Vega-Lite and Vega-Embed.\n\n").Markup(string.Join("\n\n", Licences.Select(ReportAsset.Text))).Markup("-->\n");
        foreach (string script in scripts)
        {
            html.Markup("<script>").Markup(script).Close("script");
        }

        return html.Markup("</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page; the file is complete or as it was before.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => WholeFile.Write(path, ToHtml());

    private void RequireOneMeaningPerColor()
    {
        Chart[] charts = [.. Summary.Concat(sections.SelectMany(section => section.Blocks)).OfType<Figure>().SelectMany(figure => figure.Panels)];
        if (charts.Any(chart => chart is ValueScatterChart { IsDiverging: true })
            && charts.SelectMany(chart => chart.Series).FirstOrDefault(style => SeriesColors.IsSign(style.Color)) is { } style)
        {
            throw new InvalidOperationException($"Series '{style.Name}' is {style.Color}, which says a sign in another chart of the page; choose of {nameof(SeriesColors)}.");
        }
    }

    // A source map's address would be asked for by a browser's developer tools.
    private static string ReadScript(string name) => string.Join(
        '\n', ReportAsset.Text(name).Split('\n').Where(line => !line.StartsWith("//# sourceMappingURL", StringComparison.Ordinal)));

    // Vega compiles its expressions with the Function constructor, hence unsafe-eval; nothing else may run, and nothing may be fetched.
    private static string Policy(string[] scripts) =>
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data: blob:; script-src 'unsafe-eval' "
        + string.Join(' ', scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"));

    private static string FontFaces() => string.Concat(
        new (string Family, string File)[]
        {
            ("Source Sans 3", "Fonts/source-sans-3-latin-wght-normal.woff2"),
            ("Source Serif 4", "Fonts/source-serif-4-latin-wght-normal.woff2"),
        }.Select(font => "@font-face{font-family:'" + font.Family + "';font-weight:200 900;font-style:normal;"
            + "src:url(data:font/woff2;base64," + ReportAsset.Base64(font.File) + ") format('woff2')}\n"));

    private void WriteHeader(HtmlText html)
    {
        html.Open("header").Element("p", Kicker, ("class", "kicker")).Element("h1", Title).Element("p", Lead, ("class", "lead"));
        html.Close("header");
    }

    private void WriteMain(HtmlText html)
    {
        var numbers = new PageNumbers();
        html.Markup("<main>\n");
        html.Markup("<noscript><p class=\"prose\">The charts need JavaScript; the numbers behind each are in the table below it.</p></noscript>\n");
        foreach (ReportBlock block in Summary)
        {
            block.Write(html, numbers);
        }

        if (sections.Count >= ContentsFrom)
        {
            html.Open("nav", ("aria-label", "Contents")).Markup("<ol>");
            for (int i = 0; i < sections.Count; i++)
            {
                html.Open("li").Element("a", sections[i].Title, ("href", $"#section-{i + 1}")).Close("li");
            }

            html.Markup("</ol>").Close("nav");
        }

        for (int i = 0; i < sections.Count; i++)
        {
            html.Open("section", ("id", $"section-{i + 1}"), ("aria-labelledby", $"heading-{i + 1}"));
            html.Element("h2", sections[i].Title, ("id", $"heading-{i + 1}"));
            foreach (ReportBlock block in sections[i].Blocks)
            {
                block.Write(html, numbers);
            }

            html.Close("section");
        }

        html.Close("main");
    }

    private void WriteFooter(HtmlText html)
    {
        html.Markup("<footer>\n");
        if (Colophon.Length > 0)
        {
            html.Element("p", Colophon);
        }

        html.Markup("<p>Charts by Vega-Lite (BSD licence); set in Source Serif and Source Sans (Open Font Licence). This file is complete: ")
            .Markup("it loads nothing from the network.</p>\n").Close("footer");
    }
}
