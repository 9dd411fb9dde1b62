namespace FlowRatio.Reports.Charts;

/// <summary>Shapes of marks, so that series can be told apart without colour.</summary>
public enum SeriesShape
{
    /// <summary>Disc.</summary>
    Circle,

    /// <summary>Square.</summary>
    Square,

    /// <summary>Square on its corner.</summary>
    Diamond,

    /// <summary>Triangle that points up.</summary>
    TriangleUp,

    /// <summary>Triangle that points down.</summary>
    TriangleDown,

    /// <summary>Plus sign.</summary>
    Cross,
}
