using System.Globalization;
using System.Text.RegularExpressions;
using FlowRatio.Reports;
using FlowRatio.Reports.Html;

namespace FlowRatio.Tests.Reports;

/// <summary>Colours of pages and charts.</summary>
public sealed partial class PaletteTests
{
    [Test]
    public void Text_and_series_stand_out_from_the_page([Values] bool isDark)
    {
        Dictionary<string, string> colors = Palette(isDark);
        string paper = colors["paper"];

        // Web content accessibility guidelines 2.2: 4.5 for text (1.4.3), 3 for graphics (1.4.11).
        foreach (string text in (string[])["ink", "ink-soft", "accent"])
        {
            Assert.That(Contrast(colors[text], paper), Is.GreaterThanOrEqualTo(4.5), text);
        }

        for (int i = 1; i <= 9; i++)
        {
            Assert.That(Contrast(colors[$"series-{i}"], paper), Is.GreaterThanOrEqualTo(3), $"series {i}");
        }
    }

    [Test]
    public void Every_colour_of_charts_is_in_the_style_sheet()
    {
        string theme = ReportAsset.Text("chart-theme.json");
        Assert.That(Variable().Matches(theme).Select(match => match.Groups[1].Value).Distinct(), Is.SubsetOf(Palette(isDark: false).Keys));
        Assert.That(typeof(ReportPage).Assembly.GetManifestResourceNames().Order(), Does.Contain("page.css"));
    }

    private static Dictionary<string, string> Palette(bool isDark)
    {
        // The first :root is light; the one of dark screens replaces what it names.
        string[] parts = ReportAsset.Text("page.css").Split(":root {");
        IEnumerable<Match> matches = Color().Matches(parts[1]);
        if (isDark)
        {
            matches = matches.Concat(Color().Matches(parts[2]));
        }

        Dictionary<string, string> colors = [];
        foreach (Match match in matches)
        {
            colors[match.Groups[1].Value] = match.Groups[2].Value;
        }

        return colors;
    }

    [GeneratedRegex("--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Color();

    [GeneratedRegex(@"var\(--([a-z0-9-]+)\)")]
    private static partial Regex Variable();

    private static double Contrast(string a, string b)
    {
        double first = Luminance(a), second = Luminance(b);
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string color)
    {
        double Channel(int start)
        {
            double value = int.Parse(color.AsSpan(start, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
