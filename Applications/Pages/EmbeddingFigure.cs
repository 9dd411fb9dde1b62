using FlowRatio.Engine.Randomness;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>Values of cells on a plane, one panel per set of values, all with one scale of colours.</summary>
internal static class EmbeddingFigure
{
    private const int MostCells = 4_000;
    private const double Tail = 0.02;
    private const int PanelHeight = 240;

    /// <summary>The figure; cells without a value are left out, and of many cells a random part is drawn.</summary>
    /// <param name="caption">What one sees.</param>
    /// <param name="color">Title of the colours, with the unit.</param>
    /// <param name="embedding">Places of the cells.</param>
    /// <param name="panels">Title and values per panel; one value per cell.</param>
    public static Figure Of(
        string caption, string color, CellEmbedding embedding, IReadOnlyList<(string Title, IReadOnlyList<double> Values)> panels)
    {
        int cells = embedding.Coordinates.Length / 2;
        int[] drawn = Drawn(cells);
        double[] sizes = [.. panels.SelectMany(panel => panel.Values).Where(double.IsFinite).Select(Math.Abs).Order()];

        // A few extreme cells shall not take the colours from all others.
        double reach = sizes.Length == 0 ? 1 : Math.Max(sizes[(int)((1 - Tail) * (sizes.Length - 1))], 1e-6);
        Axis x = new Axis(embedding.X).Covering(drawn.Select(r => (double)embedding.Coordinates[2 * r]));
        Axis y = new Axis(embedding.Y).Covering(drawn.Select(r => (double)embedding.Coordinates[(2 * r) + 1]));
        string where = drawn.Length < cells
            ? $" {ReportNumber.Whole(drawn.Length)} of {ReportNumber.Whole(cells)} cells are drawn; colours end at the value that {1 - Tail:P0} of the cells stay below."
            : string.Empty;
        return new Figure(
            caption + where,
            [
                .. panels.Select(panel => new ValueScatterChart(
                    x,
                    y,
                    new Axis(color) { Domain = (-reach, reach) },
                    drawn.Where(r => double.IsFinite(panel.Values[r])).Select(
                        r => ((double)embedding.Coordinates[2 * r], (double)embedding.Coordinates[(2 * r) + 1], panel.Values[r])),
                    $"Scatter plot of cells in {embedding.X} and {embedding.Y}, coloured by {panel.Title}.")
                {
                    Title = panel.Title, Height = PanelHeight,
                }),
            ],
            new ReportTable(
                caption,
                [new("panel", IsNumber: false), new("cells"), new("mean"), new("5%"), new("median"), new("95%")],
                [.. panels.Select(panel => Summarise(panel.Title, panel.Values))]))
        {
            PanelWidth = 260,
        };
    }

    private static ReportCell[] Summarise(string title, IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        double At(double share) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round(share * (sorted.Length - 1))];
        return
        [
            title,
            ReportNumber.Whole(sorted.Length),
            ReportNumber.Format(sorted.Length == 0 ? double.NaN : sorted.Average()),
            ReportNumber.Format(At(0.05)),
            ReportNumber.Format(At(0.5)),
            ReportNumber.Format(At(0.95)),
        ];
    }

    private static int[] Drawn(int cells)
    {
        var order = new KeyedPermutation(cells, Philox.Block(1, RandomStream.Resampling, 0));
        return [.. Enumerable.Range(0, Math.Min(cells, MostCells)).Select(i => order[i])];
    }
}
