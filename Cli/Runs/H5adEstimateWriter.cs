using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Solvers;
using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>Collects the estimates of all rows (62 bytes each) and writes a copy of an h5ad file with them as columns of obs.</summary>
internal sealed class H5adEstimateWriter : IEstimateWriter
{
    private readonly string source;
    private readonly string target;
    private readonly EstimateColumns names;
    private readonly double[] values;
    private readonly double[] errors;
    private readonly double[] lows;
    private readonly double[] highs;
    private readonly int[] statuses;
    private readonly double[] evaluations;
    private readonly double[] disagreements;
    private readonly double[] deviations;
    private readonly bool?[] held;

    /// <summary>Plans the copy.</summary>
    /// <param name="source">The h5ad file.</param>
    /// <param name="target">The copy.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="names">Names of the new columns.</param>
    public H5adEstimateWriter(string source, string target, long rows, EstimateColumns names)
    {
        this.source = source;
        this.target = target;
        this.names = names;
        values = new double[rows];
        errors = new double[rows];
        lows = new double[rows];
        highs = new double[rows];
        statuses = new int[rows];
        evaluations = new double[rows];
        disagreements = new double[rows];
        deviations = new double[rows];
        held = new bool?[rows];
    }

    public IReadOnlyList<string> Columns => [];

    public void Write(RowBlock block, EstimationResult result, IReadOnlyList<bool?> heldOut)
    {
        for (int r = 0; r < block.Rows; r++)
        {
            long row = block.FirstRow + r;
            TrajectoryRecord trajectory = result.Trajectories[r];
            values[row] = result.Values[r];
            errors[row] = result.StandardErrors?[r] ?? double.NaN;
            lows[row] = result.Low?[r] ?? double.NaN;
            highs[row] = result.High?[r] ?? double.NaN;
            statuses[row] = (int)trajectory.Status;
            evaluations[row] = trajectory.Evaluations;
            disagreements[row] = result.Disagreements?[r] ?? double.NaN;
            deviations[row] = result.SourceDeviations?[r] ?? double.NaN;
            held[row] = heldOut[r];
        }
    }

    public void Complete() => H5adCopy.Write(
        source,
        target,
        [
            new NumberColumn(names.Estimate, values),
            new NumberColumn(names.StandardError, errors),
            .. names.HasInterval ? (TableColumn[])[new NumberColumn(names.Low, lows), new NumberColumn(names.High, highs)] : [],
            new CategoryColumn(names.Status, StatusText.All, statuses),
            new NumberColumn(names.Evaluations, evaluations, NumberStorage.Whole),
            new NumberColumn(names.Disagreement, disagreements, NumberStorage.Real32),
            new NumberColumn(names.Deviation, deviations, NumberStorage.Real32),
            new BooleanColumn(names.HeldOut, held),
        ]);

    public void Dispose()
    {
        // Nothing is on the disk before Complete.
    }
}
