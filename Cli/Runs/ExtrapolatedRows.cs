using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Cli.Runs;

/// <summary>
/// Counts rows whose values are extrapolations: they lie further outside than anything that was trained on, or their trajectories end far from where
/// noise is.
/// </summary>
/// <param name="map">The model's map into its coordinates; null for none. One that does not scale says nothing about what is far.</param>
internal sealed class ExtrapolatedRows(Standardization? map)
{
    // The end of an exact trajectory comes so far once in ten million rows.
    private const double FarFromNoise = 20;
    private const int MostNamed = 3;

    private readonly List<long> first = [];
    private long count;

    /// <summary>Takes the next rows.</summary>
    /// <param name="firstRow">Number of the first in the file, from 0.</param>
    /// <param name="points">Row-major <c>[n, d]</c>, as the model takes them.</param>
    /// <param name="result">Their estimates.</param>
    public void Add(long firstRow, ReadOnlySpan<double> points, EstimationResult result)
    {
        int rows = result.Values.Count, dimension = points.Length / rows;
        float[] places = new float[points.Length];
        if (map is { IsShift: false })
        {
            map.Apply(points, places);
        }

        for (int r = 0; r < rows; r++)
        {
            bool isFar = places.AsSpan(r * dimension, dimension).ContainsAnyExceptInRange(-FarValues.Limit, FarValues.Limit);
            if (isFar || result.SourceDeviations?[r] > FarFromNoise)
            {
                count++;
                if (first.Count < MostNamed)
                {
                    first.Add(firstRow + r + 1);
                }
            }
        }
    }

    /// <summary>What to tell; null without such rows.</summary>
    public string? Note() => count == 0
        ? null
        : $"{count:#,0} {(count == 1 ? "row is" : "rows are")} far outside of the training data ({(first.Count == 1 ? "row" : "rows")} {string.Join(", ", first)}"
            + $"{(count > first.Count ? ", ..." : "")}): {(count == 1 ? "its value is an extrapolation" : "their values are extrapolations")}.";
}
