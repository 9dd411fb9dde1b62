using System.Diagnostics;
using FlowRatio.Cli.Summaries;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>
/// Estimates every row of a table, block by block: what is in memory does not depend on the number of rows.
/// </summary>
/// <param name="table">The data.</param>
/// <param name="selection">The model's coordinates.</param>
/// <param name="trained">The model.</param>
/// <param name="map">The page's plane.</param>
/// <param name="labels">What the columns say about a row.</param>
/// <param name="heldOut">Which rows the training held out.</param>
internal sealed class EstimationStream(
    TableFile table, PointSelection selection, TrainedModel trained, MapSelection map, RowLabels labels, HeldOutRows heldOut)
{
    private const int MostBlockRows = 1 << 16;
    private const int BlockValues = 1 << 22;

    // A coordinate whose mean is so many deviations from zero keeps its digits in double precision alone.
    private const double LargestOffset = 1024;

    /// <summary>Rows far outside of the training data.</summary>
    public ExtrapolatedRows Extrapolated { get; } = new(trained.Model.Standardization);

    /// <summary>Estimates some points; the number of the first chooses their probes.</summary>
    public delegate EstimationResult Estimator(
        ReadOnlySpan<double> points, int firstRow, IProgress<EstimationProgress> progress, CancellationToken cancellation);

    /// <summary>Passes over the table.</summary>
    /// <param name="estimate">Estimates points.</param>
    /// <param name="writer">Takes the estimates.</param>
    /// <param name="summary">Sees every row.</param>
    /// <param name="terminal">Shows progress.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public void Run(Estimator estimate, IEstimateWriter writer, EstimateSummary summary, ToolTerminal terminal, CancellationToken cancellation)
    {
        string[] columns = [.. writer.Columns, .. labels.Columns.Except(writer.Columns)];
        Dictionary<string, int> position = columns.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        long total = table.Rows;
        if (total == 0)
        {
            throw new ArgumentException($"{table.Path} has no rows.");
        }

        if (total > int.MaxValue)
        {
            throw new ArgumentException($"{table.Path} has {total:#,0} rows; at most {int.MaxValue:#,0} can be numbered, split the file.");
        }

        using RowReader reader = table.OpenRows(selection, columns);
        using RowReader? places = map.Selection is { } where ? table.OpenRows(where, []) : null;
        if (reader.Dimension != trained.InputDimension)
        {
            throw new ArgumentException($"{table.Path} has {reader.Dimension} coordinates in {selection}; the model was trained with {trained.InputDimension}.");
        }

        using ProgressLine line = terminal.StartProgress();
        var progress = new Progress(line, total);
        bool fitsSingle = trained.Components is { } components
            && !components.Mean.ContainsAnyExceptInRange(-LargestOffset * Math.Sqrt(components.TotalVariance), LargestOffset * Math.Sqrt(components.TotalVariance));
        int blockRows = Math.Clamp(BlockValues / reader.Dimension, 1, MostBlockRows);
        while (reader.ReadBlock(blockRows, out RowBlock? block))
        {
            if (trained.Components is { } projection)
            {
                float[] points = new float[block.Rows * projection.Dimension];
                if (fitsSingle)
                {
                    // As the training had them: its rows are known again by their bits.
                    projection.Apply<float>(Array.ConvertAll(block.Points, value => (float)value), points);
                }
                else
                {
                    projection.Apply<double>(block.Points, points);
                }

                block = block with { Dimension = projection.Dimension, Points = Array.ConvertAll(points, value => (double)value) };
            }

            EstimationResult result = estimate(block.Points, checked((int)block.FirstRow), progress, cancellation);
            bool?[] held = [.. Enumerable.Range(0, block.Rows).Select(r => heldOut.Of(block.FirstRow + r))];
            writer.Write(block, result, held);
            Extrapolated.Add(block.FirstRow, block.Points, result);
            RowBlock? beside = null;
            if (places is not null && (!places.ReadBlock(block.Rows, out beside) || beside.Rows != block.Rows))
            {
                throw new TableFormatException(table.Path, map.Selection!.ToString(), $"it ends before row {block.FirstRow + block.Rows}.");
            }

            if (beside is not null && map.Components is { } plane)
            {
                float[] onPlane = new float[beside.Rows * plane.Dimension];
                plane.Apply(beside.Points, onPlane);
                beside = beside with { Dimension = plane.Dimension, Points = Array.ConvertAll(onPlane, value => (double)value) };
            }

            for (int r = 0; r < block.Rows; r++)
            {
                (string? group, bool? label) = labels.Read(name => block.Columns[position[name]][r]);
                summary.Add(new EstimatedRow(
                    result.Values[r],
                    result.StandardErrors?[r] ?? double.NaN,
                    result.Disagreements?[r] ?? double.NaN,
                    result.SourceDeviations?[r] ?? double.NaN,
                    result.Trajectories[r].Status,
                    result.Trajectories[r].Evaluations,
                    Place(beside ?? block, r),
                    group,
                    label,
                    held[r]));
            }

            progress.Advance(block.Rows);
        }
    }

    private static (float X, float Y) Place(RowBlock block, int row)
    {
        int at = row * block.Dimension;
        return ((float)block.Points[at], block.Dimension > 1 ? (float)block.Points[at + 1] : 0);
    }

    private sealed class Progress(ProgressLine line, long total) : IProgress<EstimationProgress>
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private long before;

        public void Advance(int rows) => before += rows;

        public void Report(EstimationProgress value)
        {
            long done = before + value.PointsDone;
            line.Report(() => ProgressLine.Describe(done, total, "rows", done / clock.Elapsed.TotalSeconds));
        }
    }
}
