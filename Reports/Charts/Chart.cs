using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>
/// A chart: writes its Vega-Lite specification. Fields of the data have fixed short names and texts of the caller appear only as values
/// and titles, never in an expression or a field name, so no column name of a data file can mean anything to Vega.
/// </summary>
public abstract class Chart
{
    private const int SignificantDigits = 6;
    private const double CoveredShare = 0.6;
    private const double SmallestPoint = 7;
    private const double LargestPoint = 40;
    private readonly string description;

    /// <summary>Sets what every chart has.</summary>
    /// <param name="description">What is seen, for readers who do not see it: axes, series, and the main finding.</param>
    /// <exception cref="ArgumentException">The description is empty.</exception>
    protected Chart(string description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        this.description = description;
    }

    /// <summary>Title above the panel, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Height of the plot in pixels; the width is that of its place on the page.</summary>
    public int Height { get; init; } = 260;

    /// <summary>What is seen, in words.</summary>
    public string Description => description;

    /// <summary>Series for the legend; empty where colours need none.</summary>
    public abstract IReadOnlyList<SeriesStyle> Series { get; }

    /// <summary>Number of marks; many are drawn on a canvas instead of as SVG elements.</summary>
    internal abstract int MarkCount { get; }

    /// <summary>Height that the chart has without its axis: for charts with rows, that of the rows.</summary>
    internal virtual int PlotHeight => Height;

    /// <summary>
    /// Area of each of so many points, in pixels: together they could cover a good part of the plot, but single ones are large enough to see and small enough
    /// to tell apart.
    /// </summary>
    /// <param name="points">Number of points.</param>
    private protected double PointSize(int points) =>
        Math.Round(Math.Clamp(CoveredShare * PlotHeight * PlotHeight / Math.Max(points, 1), SmallestPoint, LargestPoint), 1);

    /// <summary>The specification as JSON that is safe inside a script element.</summary>
    public string ToJson()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json",
            ["description"] = description,
            ["width"] = "container",
            ["height"] = PlotHeight,
            ["autosize"] = new JsonObject { ["type"] = "fit-x", ["contains"] = "padding" },
        };
        foreach ((string name, JsonNode? value) in Body().ToList())
        {
            root[name] = value?.DeepClone();
        }

        // The default encoder writes '<', '>' and '&' as \u escapes, so that no text can end the script element.
        return root.ToJsonString(JsonSerializerOptions.Default);
    }

    /// <summary>Data and layers.</summary>
    private protected abstract JsonObject Body();

    /// <summary>A number as short as six significant digits allow; null if it is not finite.</summary>
    private protected static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number)
        ? JsonValue.Create(double.Parse(number.ToString($"G{SignificantDigits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
        : null;

    private protected static JsonObject Quantity(string field, Axis axis, bool grid) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["scale"] = axis.ScaleJson(),
        ["axis"] = axis.AxisJson(grid),
    };

    /// <summary>A channel that maps the series' names, field <c>s</c>, to a property of their styles.</summary>
    private protected static JsonObject BySeries(IReadOnlyList<SeriesStyle> series, Func<SeriesStyle, JsonNode> property) => new()
    {
        ["field"] = "s",
        ["type"] = "nominal",
        ["legend"] = null,
        ["scale"] = new JsonObject
        {
            ["domain"] = new JsonArray([.. series.Select(style => JsonValue.Create(style.Name))]),
            ["range"] = new JsonArray([.. series.Select(property)]),
        },
    };

    private protected static JsonObject TooltipNumber(string field, string title) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["format"] = ".4~g",
    };

    private protected static JsonObject TooltipText(string field, string title) =>
        new() { ["field"] = field, ["type"] = "nominal", ["title"] = title };

    /// <exception cref="ArgumentException">Two series have one name.</exception>
    private protected static void CheckNames(IReadOnlyList<SeriesStyle> series, string argument)
    {
        if (series.GroupBy(style => style.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two series are called '{twice.Key}'.", argument);
        }
    }
}
