namespace FlowRatio.Reports.Charts;

/// <summary>Which colours of the palette may stand beside a scale of signs.</summary>
public static class SeriesColors
{
    /// <summary>Colours of groups, in their order: none is on the scale from negative to positive values.</summary>
    public static IReadOnlyList<SeriesColor> OfGroups { get; } =
        [SeriesColor.Violet, SeriesColor.Orange, SeriesColor.Green, SeriesColor.Pink, SeriesColor.Olive, SeriesColor.Gray];

    /// <summary>Whether a colour is on the scale from negative (blue) to positive values (vermillion), so that it says a sign on a page with such a scale.</summary>
    /// <param name="color">The colour.</param>
    public static bool IsSign(SeriesColor color) => color is SeriesColor.Blue or SeriesColor.Sky or SeriesColor.Vermillion;
}
