using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>One mark per point, in the colour of its series.</summary>
public sealed class ScatterChart : Chart
{
    // So few are summaries, not cells, and must be found by the eye.
    private const int MostLarge = 40;

    private readonly Axis x;
    private readonly Axis y;
    private readonly IReadOnlyList<ScatterSeries> points;

    /// <summary>Creates the chart; points that an axis cannot show are left out.</summary>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="series">Points per series, drawn in this order.</param>
    /// <param name="description">What is seen, in words.</param>
    /// <exception cref="ArgumentException">Two series have one name, x and y differ in number, or the description is empty.</exception>
    public ScatterChart(Axis x, Axis y, IReadOnlyList<ScatterSeries> series, string description)
        : base(description)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(series);
        Series = [.. series.Select(entry => entry.Style)];
        CheckNames(Series, nameof(series));
        if (series.FirstOrDefault(entry => entry.X.Count != entry.Y.Count) is { } uneven)
        {
            throw new ArgumentException($"'{uneven.Style.Name}' has {uneven.X.Count} x and {uneven.Y.Count} y.", nameof(series));
        }

        this.x = x.Over(series.SelectMany(entry => entry.X));
        this.y = y.Over(series.SelectMany(entry => entry.Y));
        points = series;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SeriesStyle> Series { get; }

    /// <summary>Whether the line y = x is drawn, on which perfect estimates lie.</summary>
    public bool Diagonal { get; init; }

    internal override int MarkCount => points.Sum(entry => entry.X.Count);

    private protected override JsonObject Body()
    {
        var values = new JsonArray();
        foreach (ScatterSeries series in points)
        {
            for (int i = 0; i < series.X.Count; i++)
            {
                if (x.CanShow(series.X[i]) && y.CanShow(series.Y[i]))
                {
                    values.Add(new JsonObject { ["s"] = series.Style.Name, ["x"] = Number(series.X[i]), ["y"] = Number(series.Y[i]) });
                }
            }
        }

        var layers = new JsonArray();
        if (Diagonal && DiagonalEnds() is { } ends)
        {
            layers.Add(new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["values"] = new JsonArray([.. new[] { ends.Low, ends.High }.Select(
                        value => new JsonObject { ["x"] = Number(value), ["y"] = Number(value) })]),
                },
                ["mark"] = new JsonObject { ["type"] = "line", ["style"] = "level" },
                ["encoding"] = new JsonObject { ["x"] = Quantity("x", x, grid: true), ["y"] = Quantity("y", y, grid: true) },
            });
        }

        layers.Add(new JsonObject
        {
            ["mark"] = MarkCount > MostLarge
                ? new JsonObject { ["type"] = "point", ["style"] = "scatter-point", ["size"] = PointSize(MarkCount) }
                : new JsonObject { ["type"] = "point", ["style"] = "large-scatter-point" },
            ["encoding"] = new JsonObject
            {
                ["x"] = Quantity("x", x, grid: true),
                ["y"] = Quantity("y", y, grid: true),
                ["fill"] = BySeries(Series, style => JsonValue.Create(style.ColorVariable)),
                ["shape"] = BySeries(Series, style => JsonValue.Create(style.ShapeName)),
                ["tooltip"] = new JsonArray(TooltipText("s", "series"), TooltipNumber("x", x.Title), TooltipNumber("y", y.Title)),
            },
        });
        return new JsonObject { ["data"] = new JsonObject { ["values"] = values }, ["layer"] = layers };
    }

    private (double Low, double High)? DiagonalEnds()
    {
        if (x.Domain is not { } across || y.Domain is not { } up)
        {
            return null;
        }

        (double low, double high) = (Math.Max(across.Low, up.Low), Math.Min(across.High, up.High));
        return low < high ? (low, high) : null;
    }
}
