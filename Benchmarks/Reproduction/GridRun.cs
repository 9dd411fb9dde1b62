using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Compute;
using FlowRatio.Training;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>Fills a grid cell by cell, takes finished cells from the folder, and goes on after cells that failed.</summary>
/// <param name="cells">The cells, in the order in which they are filled.</param>
/// <param name="folder">Where finished cells are kept.</param>
/// <param name="run">Fills one cell.</param>
public sealed class GridRun(
    IReadOnlyList<GridCell> cells, CellFolder folder, Func<GridCell, CancellationToken, ExperimentReport> run)
{
    private readonly Dictionary<GridCell, ExperimentReport> finished = [];
    private readonly List<(GridCell Cell, string Reason)> failures = [];

    /// <summary>Finished cells, in the order of the grid.</summary>
    public IReadOnlyList<CellResult> Results =>
        [.. cells.Where(finished.ContainsKey).Select(cell => new CellResult(cell, finished[cell]))];

    /// <summary>Cells that failed in this run, with the reason.</summary>
    public IReadOnlyList<(GridCell Cell, string Reason)> Failures => failures;

    /// <summary>Number of cells.</summary>
    public int Count => cells.Count;

    /// <summary>Reads the cells that earlier runs finished.</summary>
    /// <returns>The cells that are still to be filled.</returns>
    public IReadOnlyList<GridCell> Resume()
    {
        foreach (GridCell cell in cells)
        {
            if (folder.Find(cell) is { } report)
            {
                finished[cell] = report;
            }
        }

        return [.. cells.Where(cell => !finished.ContainsKey(cell))];
    }

    /// <summary>Fills the cells that are left.</summary>
    /// <param name="changed">Told after every cell, filled or failed.</param>
    /// <param name="cancellation">Stops the run; what is finished is kept.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(Action<GridCell> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        foreach (GridCell cell in cells.Where(cell => !finished.ContainsKey(cell)).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                ExperimentReport report = run(cell, cancellation);
                folder.Keep(cell, report);
                finished[cell] = report;
            }
            catch (Exception exception) when (
                exception is TrainingDivergedException or InvalidOperationException or ArgumentException or DeviceMemoryException)
            {
                // One bad cell of a long night must not cost the others. It is not kept, so the next run tries it again.
                failures.Add((cell, exception.Message.Split('\n')[0].Trim()));
            }

            changed(cell);
        }
    }
}
