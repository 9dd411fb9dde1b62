using System.Text.Json;

namespace FlowRatio.Tests.Support;

/// <summary>What every report must be in a browser: all charts drawn with marks, nothing on the console, nothing from the network.</summary>
public static class ReportExpectations
{
    // For every chart: its state, how many marks its scene holds, and whether something of it reached the screen.
    private const string Script =
        """
        (() => {
          const marks = (item) => (item.items ?? []).reduce(
            (sum, child) => sum + (child.marktype && child.role === "mark" ? child.items.length : 0) + marks(child), 0);
          const painted = (chart) => {
            const canvas = chart.querySelector("canvas");
            return canvas
              ? canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0)
              : chart.querySelectorAll("svg .role-mark path, svg .role-mark line").length > 0;
          };
          return {
            width: document.documentElement.scrollWidth,
            background: getComputedStyle(document.body).backgroundColor,
            charts: Array.from(document.querySelectorAll(".chart"), (chart) => ({
              state: chart.dataset.state,
              label: chart.getAttribute("aria-label"),
              marks: chart.view ? marks(chart.view.scenegraph().root) : 0,
              painted: chart.view ? painted(chart) : false,
              width: chart.querySelector("svg, canvas")?.getBoundingClientRect().width ?? 0,
              room: chart.getBoundingClientRect().width,
            })),
            figures: document.querySelectorAll("figure.chart-figure").length,
            alternatives: document.querySelectorAll("figure.chart-figure > details table").length,
          };
        })()
        """;

    /// <summary>Opens a page in light and dark, wide and narrow, and checks it each time.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="file">The page.</param>
    /// <param name="charts">How many charts it should have.</param>
    public static void Check(HeadlessBrowser browser, string file, int charts)
    {
        foreach ((bool isDark, int width) in ((bool, int)[])[(false, 1280), (true, 1280), (false, 375)])
        {
            // Pictures for the reader who changes a page, if wanted.
            string? pictures = Environment.GetEnvironmentVariable("REPORT_PICTURES");
            string name = $"{TestContext.CurrentContext.Test.Name}-{(isDark ? "dark" : "light")}-{width}.png";
            BrowserPage page = browser.Open(
                file, Script, isDark, width, pictures is { Length: > 0 } ? Path.Combine(pictures, name) : null);
            Assert.That(page.Messages, Is.Empty, "the console");
            Assert.That(
                page.Requests.Where(request => !request.StartsWith("data:", StringComparison.Ordinal)),
                Has.All.EqualTo(new Uri(Path.GetFullPath(file)).AbsoluteUri),
                "nothing but the page is asked for");
            Assert.That(page.Answer.GetProperty("width").GetInt32(), Is.LessThanOrEqualTo(width), "no sideways scrolling");
            Assert.That(page.Answer.GetProperty("background").GetString(), Is.EqualTo(isDark ? "rgb(21, 24, 28)" : "rgb(255, 255, 255)"));
            Assert.That(page.Answer.GetProperty("charts").GetArrayLength(), Is.EqualTo(charts));
            foreach (JsonElement chart in page.Answer.GetProperty("charts").EnumerateArray())
            {
                Assert.That(chart.GetProperty("state").GetString(), Is.EqualTo("drawn"));
                Assert.That(chart.GetProperty("label").GetString(), Is.Not.Empty);
                Assert.That(chart.GetProperty("marks").GetInt32(), Is.Positive);
                Assert.That(chart.GetProperty("painted").GetBoolean(), Is.True);
                Assert.That(
                    chart.GetProperty("width").GetDouble(), Is.EqualTo(chart.GetProperty("room").GetDouble()).Within(2), "fills its place");
            }

            int figures = page.Answer.GetProperty("figures").GetInt32();
            Assert.That(page.Answer.GetProperty("alternatives").GetInt32(), Is.EqualTo(figures), "a table for every figure");
        }
    }
}
