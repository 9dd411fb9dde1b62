using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Reports;

/// <summary>The file of a page: complete in itself, and harmless whatever the names in it.</summary>
public sealed partial class ReportPageTests
{
    private const string Hostile = "</script><script>alert(1)</script>\"'&<b onclick=x>--><!--";

    [Test]
    public void Names_are_escaped_wherever_they_are()
    {
        string html = Page(Hostile).ToHtml();
        Assert.That(html, Does.Not.Contain("<script>alert(1)").And.Not.Contain("<b onclick"));
        Assert.That(html, Does.Contain("&lt;/script&gt;&lt;script&gt;alert(1)"));

        // Of the elements that the name could open or close there are as many as without it.
        foreach (string mark in (string[])["<script", "</script", "<b", "-->", "<!--"])
        {
            Assert.That(Count(html, mark), Is.EqualTo(Count(Page("plain").ToHtml(), mark)), mark);
        }
    }

    [TestCase(SeriesColor.Blue)]
    [TestCase(SeriesColor.Sky)]
    [TestCase(SeriesColor.Vermillion)]
    public void A_colour_that_says_a_sign_is_no_group_on_the_same_page(SeriesColor color)
    {
        ReportPage Of(SeriesColor series, bool isDiverging)
        {
            var page = new ReportPage("t", "l");
            var style = new SeriesStyle("group", series);
            var numbers = new ReportTable("n", [new("x")], []);
            page.Add("a", new Figure("f", [new DensityChart(new Axis("x"), "nat", [(style, [1, 2, 3])], "d")], numbers));
            page.Add("b", new Figure("f", [new ValueScatterChart(new Axis("x"), new Axis("y"), new Axis("v"), [(0, 0, 1)], "d") { IsDiverging = isDiverging }], numbers));
            return page;
        }

        Assert.That(Of(color, true).ToHtml, Throws.InvalidOperationException.With.Message.Contains("'group'"));
        Assert.That(Of(color, false).ToHtml, Throws.Nothing);
        foreach (SeriesColor allowed in SeriesColors.OfGroups)
        {
            Assert.That(Of(allowed, true).ToHtml, Throws.Nothing);
        }
    }

    [TestCase(1, 260, 472)]
    [TestCase(3, 260, 260)]
    [TestCase(4, 260, 305)]
    [TestCase(5, 260, 260)]
    public void Panels_fill_the_width_in_even_rows(int panels, int width, int basis)
    {
        // Of 960 to 972 pixels with gaps of 29: one, three, two and two, three and two. A last row with fewer shares the width.
        var page = new ReportPage("t", "l");
        Chart[] charts = [.. Enumerable.Range(0, panels).Select(_ => new ValueScatterChart(new Axis("x"), new Axis("y"), new Axis("v"), [(0, 0, 1)], "d"))];
        page.Add("a", new Figure("f", charts, new ReportTable("n", [new("x")], [])) { PanelWidth = width });
        Assert.That(page.ToHtml(), Does.Contain($"--panel-width:{basis}px"));
    }

    [Test]
    public void Specifications_inside_the_page_are_JSON_with_the_names_as_they_were()
    {
        string json = Specification().Match(Page(Hostile).ToHtml()).Groups[1].Value;
        Assert.That(json, Does.Not.Contain("</").And.Not.Contain("<!--"));
        JsonElement specification = JsonSerializer.Deserialize<JsonElement>(json);
        Assert.That(specification.GetProperty("description").GetString(), Is.EqualTo(Hostile));
        Assert.That(specification.GetProperty("data").GetProperty("values")[0].GetProperty("s").GetString(), Is.EqualTo(Hostile));
    }

    [Test]
    public void Only_the_pages_own_scripts_may_run_and_nothing_may_be_fetched()
    {
        string html = Page("plain").ToHtml();
        string policy = Policy().Match(html).Groups[1].Value.Replace("&#x27;", "'").Replace("&#x2B;", "+");
        Assert.That(policy, Does.StartWith("default-src 'none';"));
        string[] hashes = [.. Script().Matches(html).Select(match => match.Groups[1].Value)
            .Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'")];
        Assert.That(hashes, Has.Length.EqualTo(4), "Vega, Vega-Lite, Vega-Embed, our own");
        foreach (string hash in hashes)
        {
            Assert.That(policy, Does.Contain(hash));
        }

        html = Script().Replace(html, string.Empty);
        Assert.That(html, Does.Not.Match("<(link|img|iframe|object|embed) "));
        Assert.That(html, Does.Not.Match("(src|href)=\"?https?:"));
        Assert.That(html, Does.Not.Contain("sourceMappingURL"));
    }

    [Test]
    public void The_licences_of_the_scripts_are_in_the_page() =>
        Assert.That(Page("plain").ToHtml(), Does.Contain("University of Washington Interactive Data Lab").And.Contain("Redistributions in binary form"));

    [Test]
    public void A_page_replaces_the_one_before_it_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("page.html", "old");
        Page("new").Write(file);
        Assert.That(File.ReadAllText(file), Does.StartWith("<!DOCTYPE html>").And.EndWith("</html>\n"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file)!), Has.Length.EqualTo(1), "nothing unfinished is left");
    }

    [Test]
    public void Figures_and_tables_are_numbered_in_their_order()
    {
        string html = Page("x").ToHtml();
        Assert.That(html, Does.Contain("id=\"figure-1\"").And.Contain("id=\"figure-2\"").And.Contain("id=\"table-1\"").And.Not.Contain("id=\"table-2\""));
        Assert.That(html.IndexOf("Figure 1.", StringComparison.Ordinal), Is.LessThan(html.IndexOf("Figure 2.", StringComparison.Ordinal)));
    }

    [Test]
    public void Mistakes_in_building_a_page_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _ = new ReportPage(" ", "lead"));
        Assert.Throws<ArgumentException>(() => _ = new Figure("caption", [], Table("x")));
        ArgumentException uneven = Assert.Throws<ArgumentException>(() => _ = new ReportTable("caption", [new("a"), new("b")], [["1"]]))!;
        Assert.That(uneven.Message, Does.Contain("1 cells").And.Contain("2 columns"));
    }

    [GeneratedRegex("class=\"specification\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Specification();

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static ReportTable Table(string name) => new(name, [new(name, IsNumber: false), new(name)], [[name, new ReportCell(name, new SeriesStyle(name))]]);

    private static ReportPage Page(string name)
    {
        var page = new ReportPage(name, name)
        {
            Kicker = name,
            Colophon = name,
            Summary = [new KeyFigures(new KeyFigure(name, name, name))],
        };
        var chart = new ScatterChart(new Axis(name), new Axis(name), [new ScatterSeries(new SeriesStyle(name), [1, 2], [3, 4])], name) { Title = name };
        page.Add(name, new Paragraph(name), new Listing(name, name), new Facts([(name, name)]), Table(name));
        page.Add(name, new Figure(name, [chart], Table(name)), new Figure(name, [chart, chart], Table(name)));
        return page;
    }
}
