using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>Points coloured by a value: an embedding and a log-ratio on it, for one. Tens of thousands of points are fine.</summary>
public sealed class ValueScatterChart : Chart
{
    private readonly Axis x;
    private readonly Axis y;
    private readonly Axis color;
    private readonly (double X, double Y, double Value)[] points;

    /// <summary>Creates the chart; points with a coordinate or a value that is not finite are left out.</summary>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="color">Title and domain of the colours; values beyond the domain have the colour of its end.</param>
    /// <param name="points">Place and value per point, drawn in this order.</param>
    /// <param name="description">What is seen, in words.</param>
    /// <exception cref="ArgumentException">The description is empty.</exception>
    public ValueScatterChart(Axis x, Axis y, Axis color, IEnumerable<(double X, double Y, double Value)> points, string description)
        : base(description)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(color);
        this.points = [.. points.Where(point => x.CanShow(point.X) && y.CanShow(point.Y) && color.CanShow(point.Value))];
        this.x = x.Over(this.points.Select(point => point.X));
        this.y = y.Over(this.points.Select(point => point.Y));
        this.color = color.Over(this.points.Select(point => point.Value));
    }

    /// <summary>Empty: the colours have a scale of their own.</summary>
    public override IReadOnlyList<SeriesStyle> Series => [];

    /// <summary>Whether zero is the middle of the colours (log-ratios), or they run from small to large.</summary>
    public bool IsDiverging { get; init; } = true;

    internal override int MarkCount => points.Length;

    private protected override JsonObject Body()
    {
        JsonObject scale = color.ScaleJson();
        scale.Remove("zero");
        scale["clamp"] = true;
        if (IsDiverging && color.Domain is { } domain)
        {
            double reach = Math.Max(Math.Abs(domain.Low), Math.Abs(domain.High));
            scale["domain"] = new JsonArray(-reach, 0, reach);
        }

        scale["range"] = IsDiverging
            ? new JsonArray("var(--diverging-low)", "var(--diverging-middle)", "var(--diverging-high)")
            : new JsonArray("var(--sequential-low)", "var(--sequential-high)");
        scale["interpolate"] = "lab";
        return new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["values"] = new JsonArray([.. points.Select(point => new JsonObject
                {
                    ["x"] = Number(point.X), ["y"] = Number(point.Y), ["v"] = Number(point.Value),
                })]),
            },
            ["mark"] = new JsonObject { ["type"] = "point", ["style"] = "scatter-point", ["size"] = PointSize(MarkCount), ["clip"] = true },
            ["encoding"] = new JsonObject
            {
                ["x"] = Quantity("x", x, grid: false),
                ["y"] = Quantity("y", y, grid: false),
                ["fill"] = new JsonObject
                {
                    ["field"] = "v",
                    ["type"] = "quantitative",
                    ["scale"] = scale,
                    ["legend"] = new JsonObject { ["title"] = color.Title },
                },
                ["tooltip"] = new JsonArray(TooltipNumber("v", color.Title), TooltipNumber("x", x.Title), TooltipNumber("y", y.Title)),
            },
        };
    }
}
