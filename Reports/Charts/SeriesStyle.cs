namespace FlowRatio.Reports.Charts;

/// <summary>A series as it looks in every chart, legend and table of a page.</summary>
/// <param name="Name">Its name, unique in a chart.</param>
/// <param name="Color">Place in the palette.</param>
/// <param name="Shape">Shape of its marks.</param>
public sealed record SeriesStyle(string Name, SeriesColor Color = SeriesColor.Blue, SeriesShape Shape = SeriesShape.Circle)
{
    /// <summary>Values of somebody else: hollow marks and dashed lines.</summary>
    public bool IsReference { get; init; }

    /// <summary>A line without marks, drawn as one in legends: chance level, a front.</summary>
    public bool IsLine { get; init; }

    /// <summary>The colour as a property of page.css.</summary>
    internal string ColorVariable => $"var(--series-{(int)Color})";

    /// <summary>The inside of its marks.</summary>
    internal string FillVariable => IsReference ? "var(--paper)" : ColorVariable;

    /// <summary>Vega's name of the shape.</summary>
    internal string ShapeName => Shape switch
    {
        SeriesShape.Circle => "circle",
        SeriesShape.Square => "square",
        SeriesShape.Diamond => "diamond",
        SeriesShape.TriangleUp => "triangle-up",
        SeriesShape.TriangleDown => "triangle-down",
        _ => "cross",
    };
}
