using FlowRatio.Engine.Randomness;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>Log-ratios of a flow against log-odds of classifiers: one panel over groups of cells, one over cells.</summary>
internal static class AgreementFigure
{
    private const int MostPoints = 3_000;
    private const int MostInLegend = 9;

    /// <summary>A summary of some cells by both.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Style">Its look; several groups may share one.</param>
    /// <param name="Ratio">By log-ratios, in nats.</param>
    /// <param name="Odds">By log-odds, in nats.</param>
    public readonly record struct Group(string Name, SeriesStyle Style, double Ratio, double Odds);

    /// <summary>A cell by both.</summary>
    /// <param name="Style">Look of its group.</param>
    /// <param name="Ratio">Log-ratio in nats.</param>
    /// <param name="Odds">Log-odds in nats.</param>
    public readonly record struct Cell(SeriesStyle Style, double Ratio, double Odds);

    /// <summary>The figure; of many cells a random part is drawn.</summary>
    /// <param name="caption">What one sees.</param>
    /// <param name="kind">What a group is, such as <c>pair</c>.</param>
    /// <param name="quantity">What is summarised, made of "log-ratio" and of "log-odds".</param>
    /// <param name="groups">The groups.</param>
    /// <param name="groupCorrelation">Pearson's correlation over groups.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="cellCorrelation">Pearson's correlation over cells.</param>
    public static Figure Of(
        string caption,
        string kind,
        Func<string, string> quantity,
        IReadOnlyList<Group> groups,
        double groupCorrelation,
        IReadOnlyList<Cell> cells,
        double cellCorrelation)
    {
        string ratio = quantity("log-ratio"), odds = quantity("log-odds");
        return new Figure(
            caption,
            [
                new ScatterChart(
                    new Axis($"{ratio} (nats)").Covering(groups.Select(group => group.Ratio)),
                    new Axis($"{odds} (nats)").Covering(groups.Select(group => group.Odds)),
                    [
                        .. groups.GroupBy(group => group.Style).Select(group => new ScatterSeries(
                            group.Key, [.. group.Select(one => one.Ratio)], [.. group.Select(one => one.Odds)])),
                    ],
                    $"Scatter plot over {kind}s; correlation {ReportNumber.Format(groupCorrelation)}.") { Title = $"{kind}s", Diagonal = true },
                new ScatterChart(
                    new Axis("log-ratio (nats)"),
                    new Axis("log-odds (nats)"),
                    [
                        .. Drawn(cells).GroupBy(cell => cell.Style).Select(group => new ScatterSeries(
                            group.Key, [.. group.Select(cell => cell.Ratio)], [.. group.Select(cell => cell.Odds)])),
                    ],
                    $"Scatter plot over cells; correlation {ReportNumber.Format(cellCorrelation)}.") { Title = "cells", Diagonal = true },
            ],
            new ReportTable(
                caption,
                [new(kind, IsNumber: false), new(ratio), new(odds)],
                [.. groups.Select(group => new ReportCell[] { group.Name, ReportNumber.Format(group.Ratio), ReportNumber.Format(group.Odds) })]))
        {
            HasLegend = groups.Select(group => group.Style).Distinct().Count() <= MostInLegend,
        };
    }

    private static IEnumerable<Cell> Drawn(IReadOnlyList<Cell> cells)
    {
        var order = new KeyedPermutation(cells.Count, Philox.Block(1, RandomStream.Resampling, 1));
        return Enumerable.Range(0, Math.Min(cells.Count, MostPoints)).Select(i => cells[order[i]]);
    }
}
