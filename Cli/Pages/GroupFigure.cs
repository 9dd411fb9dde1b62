using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Cli.Pages;

/// <summary>How the values of each group are distributed.</summary>
internal static class GroupFigure
{
    private const int MostGroups = 6;
    private const int MostValues = 20_000;
    private const double Tail = 0.005;
    /// <summary>The figure.</summary>
    public static IEnumerable<ReportBlock> Of(EstimateOutcome outcome)
    {
        IReadOnlyList<(string Group, double[] Sorted)> groups = outcome.Summary.Groups();
        if (groups.Count == 0)
        {
            groups = [("all rows", [.. outcome.Summary.Kept.Select(row => row.Value).Where(double.IsFinite).Order()])];
        }

        (string Group, double[] Sorted)[] shown = [.. groups.OrderByDescending(group => group.Sorted.Length).Take(MostGroups).OrderBy(group => group.Group, StringComparer.Ordinal)];
        double[] all = [.. shown.SelectMany(group => group.Sorted).Order()];
        if (all.Length == 0)
        {
            return [new Paragraph("No row has a value.")];
        }

        Axis axis = new Axis($"{outcome.Quantity.Name} (nats)").Covering([Quantiles.Of(all, Tail), Quantiles.Of(all, 1 - Tail)]);
        string by = outcome.Labels.GroupColumn is { } column ? $" by {column}" : string.Empty;
        string caption = $"{outcome.Quantity.Formula}{by}: kernel densities over the middle 99% of the rows"
            + (groups.Count > shown.Length ? $"; the {shown.Length} largest of {groups.Count} groups." : ".");
        SeriesStyle Style(int i) => new(shown[i].Group, SeriesColors.OfGroups[i % SeriesColors.OfGroups.Count]) { IsLine = true };
        return
        [
            new Figure(
                caption,
                [
                    new DensityChart(
                        axis,
                        "nat",
                        [.. shown.Select((group, i) => (Style(i), (IReadOnlyList<double>)Thin(group.Sorted)))],
                        string.Join("; ", shown.Select(group => $"{group.Group}: median {ReportNumber.Format(Quantiles.Of(group.Sorted, 0.5))}")))
                    {
                        Height = 260,
                    },
                ],
                new ReportTable(
                    caption,
                    [new(outcome.Labels.GroupColumn ?? "rows", IsNumber: false), new("rows"), new("5% (nats)"), new("median (nats)"), new("95% (nats)"), new("share above 0")],
                    [.. shown.Select((group, i) => (IReadOnlyList<ReportCell>)(ReportCell[])
                    [
                        Style(i),
                        ReportNumber.Whole(group.Sorted.Length),
                        ReportNumber.Format(Quantiles.Of(group.Sorted, 0.05)),
                        ReportNumber.Format(Quantiles.Of(group.Sorted, 0.5)),
                        ReportNumber.Format(Quantiles.Of(group.Sorted, 0.95)),
                        ReportNumber.Format(group.Sorted.Count(value => value > 0) / (double)group.Sorted.Length),
                    ])])),
        ];
    }

    // Evenly spaced order statistics have the same density, and a page with millions of numbers opens slowly.
    private static double[] Thin(double[] sorted) => sorted.Length <= MostValues
        ? sorted
        : [.. Enumerable.Range(0, MostValues).Select(i => sorted[(int)((i + 0.5) * sorted.Length / MostValues)])];
}
