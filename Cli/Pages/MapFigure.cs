using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Cli.Pages;

/// <summary>The rows on a plane, coloured by their value.</summary>
internal static class MapFigure
{
    private const int MostPoints = 20_000;
    private const double Tail = 0.02;
    private const double FarTail = 0.001;
    private const double Margin = 0.05;
    private static readonly double[] Shares = [0.02, 0.25, 0.5, 0.75, 0.98];

    /// <summary>The figure.</summary>
    public static Figure Of(EstimateOutcome outcome)
    {
        EstimatedRow[] finite = [.. outcome.Summary.Kept.Where(row => double.IsFinite(row.Value))];
        int stride = Math.Max(1, (finite.Length + MostPoints - 1) / MostPoints);
        EstimatedRow[] shown = [.. finite.Where((_, i) => i % stride == 0)];
        bool isRatio = outcome.Quantity.Denominator is not null;
        double[] sorted = [.. shown.Select(row => row.Value).Order()];
        double low = Quantiles.Of(sorted, Tail), high = Quantiles.Of(sorted, 1 - Tail);
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        if (sorted.Length == 0 || !(high > low))
        {
            (low, high, largest) = (-1, 1, 1);
        }

        string caption = $"{outcome.Map.Horizontal} and {outcome.Map.Vertical}, coloured by the {outcome.Quantity.Name}; the colours end at the middle 96% of the values"
            + (stride > 1 ? $"; every {stride}th of {finite.Length:#,0} rows." : ".");
        var chart = new ValueScatterChart(
            Place(outcome.Map.Horizontal, shown.Select(row => (double)row.Place.X)),
            Place(outcome.Map.Vertical, shown.Select(row => (double)row.Place.Y)),
            new Axis($"{outcome.Quantity.Name} (nats)") { Domain = isRatio ? (-largest, largest) : (low, high) },

            // The last ones drawn are seen best: an order that has nothing to do with the file's.
            shown.OrderBy(row => BitConverter.SingleToUInt32Bits(row.Place.X) * 2654435761u).Select(row => ((double)row.Place.X, (double)row.Place.Y, row.Value)),
            $"Map of {shown.Length} rows; their values have the quantiles {ReportNumber.Format(low)} (2%) and {ReportNumber.Format(high)} (98%).")
        {
            IsDiverging = isRatio,
            Height = 560,
        };
        return new Figure(
            caption,
            [chart],
            new ReportTable(
                caption,
                [new("quantile", IsNumber: false), new("value (nats)")],
                [.. Shares.Select(share => (IReadOnlyList<ReportCell>)(ReportCell[])[$"{100 * share}%", ReportNumber.Format(Quantiles.Of(sorted, share))])]))
        {
            PanelWidth = 480,
        };
    }

    /// <summary>An axis that a few far points do not squeeze.</summary>
    private static Axis Place(string title, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double low = Quantiles.Of(sorted, FarTail), high = Quantiles.Of(sorted, 1 - FarTail);
        double margin = Margin * (high - low);
        return high > low ? new Axis(title) { Domain = (low - margin, high + margin) } : new Axis(title);
    }
}
