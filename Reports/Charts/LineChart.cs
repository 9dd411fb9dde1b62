using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>Values against a quantity, with error bars: one line or set of points per series.</summary>
public sealed class LineChart : Chart
{
    private readonly Axis x;
    private readonly Axis y;
    private readonly IReadOnlyList<LineSeries> lines;

    /// <summary>Creates the chart. Points that an axis cannot show are left out; error bars are cut at the plot's edge.</summary>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="series">One entry per line.</param>
    /// <param name="description">What is seen, in words.</param>
    /// <exception cref="ArgumentException">Two series have one name, or the description is empty.</exception>
    public LineChart(Axis x, Axis y, IReadOnlyList<LineSeries> series, string description)
        : base(description)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(series);
        Series = [.. series.Select(line => line.Style)];
        CheckNames(Series, nameof(series));
        this.x = x.Over(series.SelectMany(line => line.Points).Select(point => point.X));
        this.y = y.Over(series.SelectMany(line => line.Points).SelectMany(Extent));
        lines = series;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SeriesStyle> Series { get; }

    /// <summary>A horizontal line at this value (zero error, the truth), or null.</summary>
    public double? Level { get; init; }

    internal override int MarkCount => lines.Sum(line => line.Points.Count);

    private protected override JsonObject Body()
    {
        var values = new JsonArray();
        foreach (LineSeries line in lines)
        {
            foreach (LinePoint point in line.Points.Where(point => x.CanShow(point.X) && y.CanShow(point.Y)))
            {
                values.Add(Row(line, point));
            }
        }

        var layers = new JsonArray();
        if (Level is { } level)
        {
            layers.Add(new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject { ["y"] = Number(level) }) },
                ["mark"] = new JsonObject { ["type"] = "rule", ["style"] = "level" },
                ["encoding"] = new JsonObject { ["y"] = Quantity("y", y, grid: true) },
            });
        }

        // A layer without any row would have a scale without an extent, which Vega warns of.
        void Add(Func<LineSeries, bool> has, Func<JsonObject> layer)
        {
            if (lines.Any(line => has(line) && line.Points.Count > 0))
            {
                layers.Add(layer());
            }
        }

        Add(line => line.Mark == SeriesMark.Steps, () => Lines("steps", new JsonObject { ["type"] = "line", ["interpolate"] = "step-after" }));
        Add(line => line.Mark is SeriesMark.Line or SeriesMark.LineAndPoints, () => Lines("line", new JsonObject { ["type"] = "line" }));
        Add(line => line.Points.Any(point => point.Low is not null), ErrorBars);
        Add(line => line.Mark is SeriesMark.Points or SeriesMark.LineAndPoints, Marks);
        return new JsonObject { ["data"] = new JsonObject { ["values"] = values }, ["layer"] = layers };
    }

    private static IEnumerable<double> Extent(LinePoint point) => [point.Y, point.Low ?? point.Y, point.High ?? point.Y];

    private JsonObject Row(LineSeries line, LinePoint point)
    {
        var row = new JsonObject { ["s"] = line.Style.Name, ["x"] = Number(point.X), ["y"] = Number(point.Y) };
        if (point is { Low: { } low, High: { } high })
        {
            row["low"] = Number(y.Clip(low));
            row["high"] = Number(y.Clip(high));
        }

        row["m"] = line.Mark switch
        {
            SeriesMark.Line => "line",
            SeriesMark.Steps => "steps",
            SeriesMark.Points => "points",
            _ => "both",
        };
        return row;
    }

    private JsonObject Lines(string mark, JsonObject markJson) => new()
    {
        ["transform"] = Filter(mark == "line" ? "datum.m === 'line' || datum.m === 'both'" : "datum.m === 'steps'"),
        ["mark"] = markJson,
        ["encoding"] = new JsonObject
        {
            ["x"] = Quantity("x", x, grid: false),
            ["y"] = Quantity("y", y, grid: true),
            ["color"] = BySeries(Series, style => JsonValue.Create(style.ColorVariable)),
            ["strokeDash"] = BySeries(Series, style => style.IsReference ? new JsonArray(4, 3) : new JsonArray(1, 0)),

            // Points keep the order they were given in, which need not be that of x.
            ["order"] = new JsonObject { ["value"] = null },
        },
    };

    private JsonObject ErrorBars() => new()
    {
        ["transform"] = Filter("isValid(datum.low)"),
        ["mark"] = new JsonObject { ["type"] = "rule", ["style"] = "error-bar" },
        ["encoding"] = new JsonObject
        {
            ["x"] = Quantity("x", x, grid: false),
            ["y"] = Quantity("low", y, grid: true),
            ["y2"] = new JsonObject { ["field"] = "high" },
            ["color"] = BySeries(Series, style => JsonValue.Create(style.ColorVariable)),
        },
    };

    private JsonObject Marks() => new()
    {
        ["transform"] = Filter("datum.m === 'points' || datum.m === 'both'"),
        ["mark"] = new JsonObject { ["type"] = "point", ["style"] = "series-point" },
        ["encoding"] = new JsonObject
        {
            ["x"] = Quantity("x", x, grid: false),
            ["y"] = Quantity("y", y, grid: true),
            ["stroke"] = BySeries(Series, style => JsonValue.Create(style.ColorVariable)),
            ["fill"] = BySeries(Series, style => JsonValue.Create(style.FillVariable)),
            ["shape"] = BySeries(Series, style => JsonValue.Create(style.ShapeName)),
            ["tooltip"] = new JsonArray(TooltipText("s", "series"), TooltipNumber("x", x.Title), TooltipNumber("y", y.Title)),
        },
    };

    private static JsonArray Filter(string condition) => [new JsonObject { ["filter"] = condition }];
}
