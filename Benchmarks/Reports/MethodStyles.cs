using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>How each method looks, the same in every chart and table: colour and shape belong to the method, hollow is published.</summary>
internal static class MethodStyles
{
    private static readonly Dictionary<string, SeriesStyle> Known = new SeriesStyle[]
    {
        new("s3", SeriesColor.Blue, SeriesShape.Circle),
        new("s2", SeriesColor.Sky, SeriesShape.Diamond),
        new("s1", SeriesColor.Green, SeriesShape.Square),
        new("denominator", SeriesColor.Olive, SeriesShape.Cross),
        new("naive", SeriesColor.Gray, SeriesShape.TriangleDown),
        new("tsm", SeriesColor.Orange, SeriesShape.TriangleUp),
        new("ctsm", SeriesColor.Vermillion, SeriesShape.Diamond),
        new("ctsmv", SeriesColor.Pink, SeriesShape.Square),
        new("tsm-onesided", SeriesColor.Olive, SeriesShape.TriangleUp),
        new("ctsm-onesided", SeriesColor.Green, SeriesShape.Diamond),
        new("ctsmv-onesided", SeriesColor.Violet, SeriesShape.Circle),
        new("classifier", SeriesColor.Violet, SeriesShape.TriangleDown),
    }.ToDictionary(style => style.Name, StringComparer.Ordinal);

    /// <summary>The look of our result of a method.</summary>
    public static SeriesStyle Of(string method) => Known.GetValueOrDefault(method, new SeriesStyle(method, SeriesColor.Gray, SeriesShape.Cross));

    /// <summary>The look of the published result of a method.</summary>
    public static SeriesStyle Published(string method) => Of(method) with { Name = $"{method}, published", IsReference = true };
}
