using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Solvers;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>Writes a text table: number of the row from 1, the asked columns of the data, the estimates.</summary>
internal sealed class DelimitedEstimateWriter : IEstimateWriter
{
    private const string RowName = "row";
    private readonly DelimitedWriter writer;

    /// <summary>Starts the file.</summary>
    /// <param name="path">A .csv or .tsv file, perhaps .gz.</param>
    /// <param name="kept">Columns of the data to copy.</param>
    /// <param name="names">Names of the estimates' columns.</param>
    public DelimitedEstimateWriter(string path, IReadOnlyList<string> kept, EstimateColumns names)
    {
        Columns = kept;
        string[] header = [names.Prefix + RowName, .. kept, .. names.All];
        writer = header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
            ? throw new ArgumentException($"The output would have two columns '{twice.Key}'; keep another, or give the new ones a --prefix.")
            : new DelimitedWriter(path, header);
    }

    public IReadOnlyList<string> Columns { get; }

    public void Write(RowBlock block, EstimationResult result, IReadOnlyList<bool?> heldOut)
    {
        for (int r = 0; r < block.Rows; r++)
        {
            writer.Write(block.FirstRow + r + 1);
            for (int i = 0; i < Columns.Count; i++)
            {
                writer.Write(block.Columns[i][r]);
            }

            TrajectoryRecord trajectory = result.Trajectories[r];
            writer.Write(result.Values[r]);
            writer.Write(result.StandardErrors?[r] ?? double.NaN);
            if (result.Low is { } low && result.High is { } high)
            {
                writer.Write(low[r]);
                writer.Write(high[r]);
            }

            writer.Write(StatusText.Of(trajectory.Status));
            writer.Write((long)trajectory.Evaluations);
            writer.Write((float)(result.Disagreements?[r] ?? double.NaN));
            writer.Write((float)(result.SourceDeviations?[r] ?? double.NaN));
            writer.Write(heldOut[r] switch { true => "true", false => "false", null => null });
            writer.EndRow();
        }
    }

    public void Complete() => writer.Complete();

    public void Dispose() => writer.Dispose();
}
