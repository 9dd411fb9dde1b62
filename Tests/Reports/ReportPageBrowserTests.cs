using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Reports;

/// <summary>Pages with every kind of chart, in a real browser.</summary>
public sealed class ReportPageBrowserTests
{
    // A name that would do harm as HTML, as the end of a script, as a field path or as an expression.
    private const string Hostile = "</script><script>console.log('run')</script><img src=x onerror=console.log('run')> a.b[0] 'x' \"y\" datum.z ${1}";

    private static readonly ReportTable Numbers = new("numbers", [new("name", IsNumber: false), new(Hostile)], [[Hostile, "1"]]);

    [Test]
    public void Every_kind_of_chart_is_drawn()
    {
        using HeadlessBrowser browser = HeadlessBrowser.Start();
        using var folder = new TemporaryFolder();
        string file = folder.File("page.html");
        AllCharts().Write(file);
        ReportExpectations.Check(browser, file, 9);
    }

    [Test]
    public void Text_of_a_data_file_stays_text()
    {
        using HeadlessBrowser browser = HeadlessBrowser.Start();
        using var folder = new TemporaryFolder();
        string file = folder.File("page.html");
        AllCharts().Write(file);
        BrowserPage page = browser.Open(
            file, "({ title: document.title, images: document.images.length, cell: document.querySelector('tbody th').textContent })");
        Assert.That(page.Messages, Is.Empty);
        Assert.That(page.Answer.GetProperty("title").GetString(), Is.EqualTo(Hostile));
        Assert.That(page.Answer.GetProperty("images").GetInt32(), Is.Zero);
        Assert.That(page.Answer.GetProperty("cell").GetString(), Is.EqualTo(Hostile));
    }

    [Test]
    public void A_chart_changes_its_colours_with_the_readers_scheme()
    {
        const string Color = "({ stroke: document.querySelector('.chart svg .mark-line path').getAttribute('stroke') })";
        using HeadlessBrowser browser = HeadlessBrowser.Start();
        using var folder = new TemporaryFolder();
        string file = folder.File("page.html");
        AllCharts().Write(file);
        string? light = browser.Open(file, Color).Answer.GetProperty("stroke").GetString();
        string? dark = browser.Open(file, Color, isDark: true).Answer.GetProperty("stroke").GetString();
        Assert.That(light, Does.Match("^#[0-9a-f]{6}$"));
        Assert.That(dark, Does.Match("^#[0-9a-f]{6}$").And.Not.EqualTo(light));
    }

    private static ReportPage AllCharts()
    {
        var first = new SeriesStyle("midpoint", SeriesColor.Green);
        var second = new SeriesStyle(Hostile, SeriesColor.Violet, SeriesShape.Square);
        var published = new SeriesStyle("published", SeriesColor.Violet, SeriesShape.Square) { IsReference = true };
        float[] noise = new RandomData(11).Normal(2 * 20_000);
        double[] x = [.. noise.Where((_, i) => i % 2 == 0).Select(value => (double)value)];
        double[] y = [.. noise.Where((_, i) => i % 2 == 1).Select((value, i) => x[i] + (0.3 * value))];
        var page = new ReportPage(Hostile, Hostile)
        {
            Summary =
            [
                new KeyFigures(new KeyFigure(Hostile, "0.0721", "nats²"), new KeyFigure("seconds", "2.68"), new KeyFigure("points", "10 000")),
            ],
            Colophon = Hostile,
        };
        page.Add("Tables and texts", new Paragraph(Hostile), Numbers, new Facts([("name", Hostile)]), new Listing("command", Hostile));
        page.Add(
            "Lines",
            new Figure(
                Hostile,
                [
                    new LineChart(
                        new Axis("dimension") { Scale = AxisScale.Log, Ticks = [2, 5, 10, 20, 30], Domain = (1.8, 33) },
                        new Axis("MSE (nats²)") { Scale = AxisScale.Log },
                        [
                            new LineSeries(first, [LinePoint.WithError(2, 0.01, 0.02), LinePoint.WithError(5, 0.05, 0.01), LinePoint.WithError(30, 1, 0.2)]),
                            new LineSeries(second, [LinePoint.WithError(2, 0.02, 0.001), LinePoint.WithError(5, 0.2, double.NaN), new(30, double.NaN)]),
                            new LineSeries(published, [new(2, 0.012), new(5, 0.1), new(30, 2)]),
                        ],
                        Hostile) { Title = Hostile },
                    new LineChart(
                        new Axis(Hostile),
                        new Axis("error (nats)"),
                        [
                            new LineSeries(first, [new(3, 2), new(1, 0), new(2, -1)], SeriesMark.Steps),
                            new LineSeries(second, [new(0, 1), new(3, -1)], SeriesMark.Line),
                            new LineSeries(published, [new(1, 1)], SeriesMark.Points),
                        ],
                        "steps, line, points") { Level = 0, Title = "levels" },
                ],
                Numbers));
        page.Add(
            "Points",
            new Figure(
                "Scatter.",
                [
                    new ScatterChart(new Axis("true"), new Axis("estimated"), [new ScatterSeries(first, x[..500], y[..500])], "few") { Diagonal = true },
                    new ScatterChart(new Axis("x"), new Axis("y"), [new ScatterSeries(first, x, y), new ScatterSeries(second, y[..300], x[..300])], "many"),
                    new ValueScatterChart(
                        new Axis("x"), new Axis("y"), new Axis("log-ratio (nats)"), x.Zip(y, (a, b) => (a, b, a - b)), "diverging"),
                    new ValueScatterChart(
                        new Axis("x"), new Axis("y"), new Axis("density"), x.Zip(y, (a, b) => (a, b, a * b)).Take(200), "sequential") { IsDiverging = false },
                ],
                Numbers));
        page.Add(
            "Dots and densities",
            new Figure(
                "Dots.",
                [
                    new DotChart(
                        new Axis("MSE (nats²)") { Scale = AxisScale.Log },
                        [new DotRow(first, 0.07, 0.01, 0.1), new DotRow(second, 0.2, 0.3), new DotRow(published, double.NaN)],
                        "dots") { Level = 0.1 },
                    new DotChart(new Axis("seconds") { IncludeZero = true }, [new DotRow(first, 2), new DotRow(second, 4)], "more dots"),
                    new DensityChart(new Axis("log-ratio (nats)"), "nat", [(first, x), (second, [.. y, double.NaN]), (published, [])], "densities"),
                ],
                Numbers));
        return page;
    }
}
