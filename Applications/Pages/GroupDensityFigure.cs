using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>How values are distributed in groups of cells.</summary>
internal static class GroupDensityFigure
{
    private const double Tail = 0.005;

    /// <summary>The look of a group by its place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="place">Its place.</param>
    public static SeriesStyle Style(string name, int place) =>
        new(name, SeriesColors.OfGroups[place % SeriesColors.OfGroups.Count], (SeriesShape)(place % Enum.GetValues<SeriesShape>().Length));

    /// <summary>The figure, one panel per set of values; panels share their axis.</summary>
    /// <param name="caption">What one sees.</param>
    /// <param name="axis">Title of the axis, with the unit.</param>
    /// <param name="unit">Unit of the values.</param>
    /// <param name="panels">Per panel a title and the values of each group; groups without values are left out.</param>
    public static Figure Of(
        string caption,
        string axis,
        string unit,
        IReadOnlyList<(string Title, IReadOnlyList<(SeriesStyle Style, IReadOnlyList<double> Values)> Groups)> panels)
    {
        double[] all = [.. panels.SelectMany(panel => panel.Groups).SelectMany(group => group.Values).Where(double.IsFinite).Order()];

        // Half a percent at either end is beyond the plot: single cells would squeeze everything else.
        Axis x = new Axis(axis).Covering(all.Length == 0 ? [0, 1] : [all[(int)(Tail * (all.Length - 1))], all[(int)((1 - Tail) * (all.Length - 1))]]);
        return new Figure(
            caption,
            [
                .. panels.Select(panel => new DensityChart(
                    x,
                    unit,
                    [.. panel.Groups.Where(group => group.Values.Any(double.IsFinite)).Select(group => (group.Style, Inside(group.Values, x)))],
                    $"Density curves of {panel.Title} for {string.Join(", ", panel.Groups.Select(group => group.Style.Name))}.")
                {
                    Title = panel.Title,
                }),
            ],
            new ReportTable(
                caption,
                [new("panel", IsNumber: false), new("group", IsNumber: false), new("cells"), new("mean"), new("standard deviation")],
                [.. panels.SelectMany(panel => panel.Groups.Select(group => Summarise(panel.Title, group.Style, group.Values)))]));
    }

    private static IReadOnlyList<double> Inside(IReadOnlyList<double> values, Axis axis) =>
        [.. values.Where(value => double.IsFinite(value) && value >= axis.Domain!.Value.Low && value <= axis.Domain!.Value.High)];

    private static ReportCell[] Summarise(string panel, SeriesStyle style, IReadOnlyList<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double mean = finite.Length == 0 ? double.NaN : finite.Average();
        double deviation = finite.Length < 2 ? double.NaN : Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / (finite.Length - 1));
        return [panel, style, ReportNumber.Whole(finite.Length), ReportNumber.Format(mean), ReportNumber.Format(deviation)];
    }
}
