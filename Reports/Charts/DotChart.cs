using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>One row per series: a dot with its error bar, and a hollow dot for a reference value.</summary>
public sealed class DotChart : Chart
{
    private const int RowHeight = 30;
    private readonly Axis axis;
    private readonly IReadOnlyList<DotRow> rows;

    /// <summary>Creates the chart.</summary>
    /// <param name="axis">Axis of the values.</param>
    /// <param name="rows">From top to bottom.</param>
    /// <param name="description">What is seen, in words.</param>
    /// <exception cref="ArgumentException">Two rows have one name, or the description is empty.</exception>
    public DotChart(Axis axis, IReadOnlyList<DotRow> rows, string description)
        : base(description)
    {
        ArgumentNullException.ThrowIfNull(axis);
        ArgumentNullException.ThrowIfNull(rows);
        CheckNames([.. rows.Select(row => row.Style)], nameof(rows));
        this.axis = axis.Over(rows.SelectMany(Extent));
        this.rows = rows;
    }

    /// <summary>Empty: the rows carry their names.</summary>
    public override IReadOnlyList<SeriesStyle> Series => [];

    /// <summary>A vertical line at this value (zero error, the truth), or null.</summary>
    public double? Level { get; init; }

    internal override int MarkCount => rows.Count;

    internal override int PlotHeight => RowHeight * Math.Max(1, rows.Count);

    private IReadOnlyList<SeriesStyle> Styles => [.. rows.Select(row => row.Style)];

    private protected override JsonObject Body()
    {
        var values = new JsonArray();
        foreach (DotRow row in rows)
        {
            var json = new JsonObject { ["s"] = row.Style.Name };
            if (axis.CanShow(row.Value))
            {
                json["x"] = Number(row.Value);
                if (row.Error is { } error && double.IsFinite(error))
                {
                    json["low"] = Number(axis.Clip(row.Value - error));
                    json["high"] = Number(axis.Clip(row.Value + error));
                }
            }

            if (row.Reference is { } reference && axis.CanShow(reference))
            {
                json["r"] = Number(reference);
            }

            values.Add(json);
        }

        var layers = new JsonArray();
        if (Level is { } level)
        {
            layers.Add(new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject { ["x"] = Number(level) }) },
                ["mark"] = new JsonObject { ["type"] = "rule", ["style"] = "level" },
                ["encoding"] = new JsonObject { ["x"] = Quantity("x", axis, grid: true) },
            });
        }

        layers.Add(Layer(
            "isValid(datum.low)",
            new JsonObject { ["type"] = "rule", ["style"] = "error-bar" },
            new JsonObject
            {
                ["x"] = Quantity("low", axis, grid: true),
                ["x2"] = new JsonObject { ["field"] = "high" },
                ["color"] = BySeries(Styles, style => JsonValue.Create(style.ColorVariable)),
            }));
        layers.Add(Points("r", "reference", hollow: true));
        layers.Add(Points("x", axis.Title, hollow: false));
        return new JsonObject { ["data"] = new JsonObject { ["values"] = values }, ["layer"] = layers };
    }

    private static IEnumerable<double> Extent(DotRow row) =>
        [row.Value, row.Value - (row.Error ?? 0), row.Value + (row.Error ?? 0), row.Reference ?? row.Value];

    private JsonObject Points(string field, string title, bool hollow) => Layer(
        $"isValid(datum.{field})",
        new JsonObject { ["type"] = "point", ["style"] = "series-point" },
        new JsonObject
        {
            ["x"] = Quantity(field, axis, grid: true),
            ["stroke"] = BySeries(Styles, style => JsonValue.Create(style.ColorVariable)),
            ["fill"] = hollow
                ? new JsonObject { ["value"] = "var(--paper)" }
                : BySeries(Styles, style => JsonValue.Create(style.FillVariable)),
            ["shape"] = BySeries(Styles, style => JsonValue.Create(style.ShapeName)),
            ["tooltip"] = new JsonArray(TooltipText("s", "series"), TooltipNumber(field, title)),
        });

    private JsonObject Layer(string filter, JsonObject mark, JsonObject encoding)
    {
        encoding["y"] = new JsonObject
        {
            ["field"] = "s",
            ["type"] = "nominal",
            ["sort"] = null,
            ["scale"] = new JsonObject { ["domain"] = new JsonArray([.. Styles.Select(style => JsonValue.Create(style.Name))]) },
            ["axis"] = new JsonObject { ["title"] = null, ["grid"] = false, ["ticks"] = false, ["domain"] = false },
        };
        return new JsonObject
        {
            ["transform"] = new JsonArray(new JsonObject { ["filter"] = filter }),
            ["mark"] = mark,
            ["encoding"] = encoding,
        };
    }
}
