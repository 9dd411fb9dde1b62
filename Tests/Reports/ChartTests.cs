using System.Text.Json;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Tests.Reports;

/// <summary>Specifications of charts.</summary>
public sealed class ChartTests
{
    private static readonly SeriesStyle Ours = new("ours", SeriesColor.Blue);
    private static readonly SeriesStyle Theirs = new("theirs", SeriesColor.Green, SeriesShape.Square) { IsReference = true };

    [Test]
    public void Values_that_an_axis_cannot_show_are_left_out()
    {
        var chart = new LineChart(
            new Axis("x"),
            new Axis("y") { Scale = AxisScale.Log },
            [new LineSeries(Ours, [new(1, 0.1), new(2, 0), new(3, -1), new(4, double.NaN), new(5, double.PositiveInfinity), new(double.NaN, 1)])],
            "d");
        JsonElement[] values = [.. Values(chart).EnumerateArray()];
        Assert.That(values, Has.Length.EqualTo(1));
        Assert.That(values[0].GetProperty("x").GetDouble(), Is.EqualTo(1));
    }

    [Test]
    public void An_error_bar_that_crosses_zero_ends_at_the_edge_of_a_logarithmic_plot()
    {
        var chart = new LineChart(
            new Axis("x"), new Axis("y") { Scale = AxisScale.Log }, [new LineSeries(Ours, [LinePoint.WithError(1, 0.1, 0.4), new(2, 0.02)])], "d");
        JsonElement first = Values(chart)[0];
        JsonElement scale = Json(chart).GetProperty("layer")[0].GetProperty("encoding").GetProperty("y").GetProperty("scale");
        Assert.That(first.GetProperty("low").GetDouble(), Is.EqualTo(scale.GetProperty("domain")[0].GetDouble()).And.Positive);
        Assert.That(first.GetProperty("high").GetDouble(), Is.EqualTo(0.5));
    }

    [TestCase(double.NaN)]
    [TestCase(0)]
    [TestCase(double.PositiveInfinity)]
    public void Without_a_positive_error_there_is_no_bar(double error)
    {
        var point = LinePoint.WithError(1, 2, error);
        Assert.That(point.Low, Is.Null);
        Assert.That(point.High, Is.Null);
    }

    [Test]
    public void Published_series_are_hollow_and_dashed_in_the_colour_of_their_method()
    {
        var chart = new LineChart(
            new Axis("x"), new Axis("y"), [new LineSeries(Ours, [new(1, 1), new(2, 2)]), new LineSeries(Theirs, [new(1, 1), new(2, 2)])], "d");
        JsonElement line = Json(chart).GetProperty("layer")[0].GetProperty("encoding");
        Assert.That(Range(line, "color"), Is.EqualTo(new[] { "\"var(--series-1)\"", "\"var(--series-3)\"" }));
        Assert.That(Range(line, "strokeDash"), Is.EqualTo(new[] { "[1,0]", "[4,3]" }));
        JsonElement points = Json(chart).GetProperty("layer")[1].GetProperty("encoding");
        Assert.That(Range(points, "fill"), Is.EqualTo(new[] { "\"var(--series-1)\"", "\"var(--paper)\"" }));
        Assert.That(Range(points, "shape"), Is.EqualTo(new[] { "\"circle\"", "\"square\"" }));
    }

    [Test]
    public void Charts_of_nothing_still_have_axes()
    {
        foreach (Chart chart in (Chart[])
                 [
                     new LineChart(new Axis("x"), new Axis("y") { Scale = AxisScale.Log }, [], "d"),
                     new ScatterChart(new Axis("x"), new Axis("y"), [new ScatterSeries(Ours, [], [])], "d") { Diagonal = true },
                     new DotChart(new Axis("x"), [], "d"),
                     new DensityChart(new Axis("x"), "nat", [(Ours, [])], "d"),
                     new ValueScatterChart(new Axis("x"), new Axis("y"), new Axis("v"), [], "d"),
                 ])
        {
            Assert.That(Json(chart).GetProperty("width").GetString(), Is.EqualTo("container"));
        }
    }

    [Test]
    public void Numbers_have_six_digits()
    {
        var chart = new ScatterChart(new Axis("x"), new Axis("y"), [new ScatterSeries(Ours, [Math.PI], [1e-9 * Math.PI])], "d");
        Assert.That(Values(chart)[0].GetProperty("x").GetRawText(), Is.EqualTo("3.14159"));
        Assert.That(Values(chart)[0].GetProperty("y").GetDouble(), Is.EqualTo(3.14159e-9));
    }

    [Test]
    public void Mistakes_are_refused()
    {
        ArgumentException twice = Assert.Throws<ArgumentException>(
            () => _ = new LineChart(new Axis("x"), new Axis("y"), [new LineSeries(Ours, []), new LineSeries(Ours, [])], "d"))!;
        Assert.That(twice.Message, Does.Contain("'ours'"));
        Assert.Throws<ArgumentException>(() => _ = new DotChart(new Axis("x"), [], " "), "a chart without a text alternative");
        ArgumentException uneven = Assert.Throws<ArgumentException>(
            () => _ = new ScatterChart(new Axis("x"), new Axis("y"), [new ScatterSeries(Ours, [1, 2], [1])], "d"))!;
        Assert.That(uneven.Message, Does.Contain("2 x").And.Contain("1 y"));
    }

    [Test]
    public void Diverging_colours_have_zero_in_the_middle()
    {
        var chart = new ValueScatterChart(
            new Axis("x"), new Axis("y"), new Axis("v") { Domain = (-1, 4) }, [(0, 0, -1), (1, 1, 4), (2, 2, double.NaN)], "d");
        JsonElement domain = Json(chart).GetProperty("encoding").GetProperty("fill").GetProperty("scale").GetProperty("domain");
        Assert.That(domain.EnumerateArray().Select(end => end.GetDouble()), Is.EqualTo(new[] { -4.0, 0, 4 }));
        Assert.That(Values(chart).GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public void Points_are_as_large_as_their_number_allows()
    {
        double Size(int points) => Json(new ValueScatterChart(
            new Axis("x"), new Axis("y"), new Axis("v"), Enumerable.Range(0, points).Select(i => ((double)i, (double)i, 1.0)), "d") { Height = 240 })
            .GetProperty("mark").GetProperty("size").GetDouble();
        Assert.That((Size(10), Size(2_000), Size(20_000)), Is.EqualTo((40, 17.3, 7)));
    }

    private static JsonElement Json(Chart chart) => JsonSerializer.Deserialize<JsonElement>(chart.ToJson());

    private static JsonElement Values(Chart chart) => Json(chart).GetProperty("data").GetProperty("values");

    private static IEnumerable<string> Range(JsonElement encoding, string channel) =>
        encoding.GetProperty(channel).GetProperty("scale").GetProperty("range").EnumerateArray().Select(value => value.GetRawText());
}
