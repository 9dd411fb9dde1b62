using System.Text.Json.Nodes;

namespace FlowRatio.Reports.Charts;

/// <summary>An axis: what it shows, in which unit, on which scale.</summary>
/// <param name="Title">Quantity and unit, like "MSE (nats²)".</param>
public sealed record Axis(string Title)
{
    private const int TickCount = 6;

    // So that the largest mark of a logarithmic plot does not sit on its edge.
    private const double Headroom = 1.05;

    /// <summary>The scale.</summary>
    public AxisScale Scale { get; init; } = AxisScale.Linear;

    /// <summary>Whether a linear axis starts at zero.</summary>
    public bool IncludeZero { get; init; }

    /// <summary>Smallest and largest value, or null to take them from the data. Panels to be compared share one.</summary>
    public (double Low, double High)? Domain { get; init; }

    /// <summary>Where ticks are, or null to choose.</summary>
    public IReadOnlyList<double>? Ticks { get; init; }

    /// <summary>A copy whose domain holds all values that the scale can show, so that several panels can share it.</summary>
    /// <param name="values">Values of all panels; those that are not finite (or, on a log scale, not positive) are left out.</param>
    /// <returns>This axis unchanged if no value remains.</returns>
    public Axis Covering(IEnumerable<double> values)
    {
        double[] shown = [.. values.Where(CanShow)];
        if (IncludeZero && Scale == AxisScale.Linear)
        {
            shown = [.. shown, 0];
        }

        return shown.Length == 0 ? this : this with
        {
            Domain = Scale == AxisScale.Log
                ? NiceRange.Logarithmic(shown.Min() / Headroom, shown.Max() * Headroom)
                : NiceRange.Linear(shown.Min(), shown.Max(), 2 * TickCount),
        };
    }

    /// <summary>This axis with a domain: its own, or one that covers the values, or one that stands for no values at all.</summary>
    internal Axis Over(IEnumerable<double> values)
    {
        Axis covered = Domain is null ? Covering(values) : this;
        return covered.Domain is null ? covered with { Domain = Scale == AxisScale.Log ? (1, 10) : (0, 1) } : covered;
    }

    /// <summary>Whether a value has a place on this axis.</summary>
    internal bool CanShow(double value) => double.IsFinite(value) && (Scale == AxisScale.Linear || value > 0);

    /// <summary>Brings a value to the nearest place inside the domain: the end of an error bar that crosses zero, for one.</summary>
    internal double Clip(double value) => Domain is { } domain && !double.IsNaN(value) ? Math.Clamp(value, domain.Low, domain.High) : value;

    /// <summary>The scale of a Vega-Lite channel.</summary>
    internal JsonObject ScaleJson()
    {
        var scale = new JsonObject { ["type"] = Scale == AxisScale.Log ? "log" : "linear", ["nice"] = false };
        if (Scale == AxisScale.Linear)
        {
            scale["zero"] = IncludeZero;
        }

        if (Domain is { } domain)
        {
            scale["domain"] = new JsonArray(domain.Low, domain.High);
        }

        return scale;
    }

    /// <summary>The axis of a Vega-Lite channel.</summary>
    /// <param name="grid">Whether lines cross the plot at the ticks.</param>
    internal JsonObject AxisJson(bool grid)
    {
        var axis = new JsonObject { ["title"] = Title, ["grid"] = grid, ["tickCount"] = TickCount };
        IReadOnlyList<double>? ticks = Ticks
            ?? (Scale == AxisScale.Log && Domain is { } domain ? NiceRange.LogarithmicTicks(domain.Low, domain.High, TickCount) : null);
        if (ticks is not null)
        {
            axis["values"] = new JsonArray([.. ticks.Select(tick => JsonValue.Create(tick))]);
            axis["format"] = "~g";
        }

        return axis;
    }
}
