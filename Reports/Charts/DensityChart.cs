using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>How the values of each group are distributed: kernel densities over one axis.</summary>
public sealed class DensityChart : Chart
{
    private const int Places = 160;
    private readonly Axis x;
    private readonly Axis y;
    private readonly List<(SeriesStyle Style, double[] Sorted)> groups;

    /// <summary>Creates the chart; values that are not finite are left out, groups without any value are empty.</summary>
    /// <param name="axis">Axis of the values.</param>
    /// <param name="unit">Unit of the values, for the density's axis.</param>
    /// <param name="groups">Values per group.</param>
    /// <param name="description">What is seen, in words.</param>
    /// <exception cref="ArgumentException">Two groups have one name, or the description is empty.</exception>
    public DensityChart(Axis axis, string unit, IReadOnlyList<(SeriesStyle Style, IReadOnlyList<double> Values)> groups, string description)
        : base(description)
    {
        ArgumentNullException.ThrowIfNull(axis);
        ArgumentNullException.ThrowIfNull(groups);
        Series = [.. groups.Select(group => group.Style)];
        CheckNames(Series, nameof(groups));
        this.groups = [.. groups.Select(group => (group.Style, group.Values.Where(double.IsFinite).Order().ToArray()))];
        x = axis.Over(this.groups.SelectMany(group => group.Sorted));
        y = new Axis($"density (1/{unit})") { IncludeZero = true };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SeriesStyle> Series { get; }

    internal override int MarkCount => groups.Count * Places;

    private protected override JsonObject Body()
    {
        var values = new JsonArray();
        foreach ((SeriesStyle style, double[] sorted) in groups.Where(group => group.Sorted.Length > 0))
        {
            (double low, double high) = x.Domain!.Value;
            foreach ((double place, double density) in KernelDensity.At(sorted, low, high, Places))
            {
                values.Add(new JsonObject { ["s"] = style.Name, ["x"] = Number(place), ["y"] = Number(density) });
            }
        }

        var encoding = new JsonObject
        {
            ["x"] = Quantity("x", x, grid: false),
            ["y"] = Quantity("y", y, grid: true),
            ["color"] = BySeries(Series, style => JsonValue.Create(style.ColorVariable)),
        };

        // Groups overlap; they are not stacked on each other.
        encoding["y"]!["stack"] = null;
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = values },
            ["layer"] = new JsonArray(
                new JsonObject { ["mark"] = new JsonObject { ["type"] = "area", ["style"] = "density-area" }, ["encoding"] = encoding },
                new JsonObject { ["mark"] = new JsonObject { ["type"] = "line" }, ["encoding"] = encoding.DeepClone() }),
        };
    }
}
