using FlowRatio.Training.Data;
using MathNet.Numerics.Distributions;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// Coordinates in blocks that rows show no dependence between, given the condition. Each coordinate is replaced by the normal quantile z of its rank among
/// the condition's rows, on which no outlier has a hold; two coordinates depend on each other where z or z^2 of one is significantly correlated with z or
/// z^2 of the other: in location, in spread, or in one by the other.
/// </summary>
internal static class IndependentBlocks
{
    // With so many rows the smallest correlation that is significant is 0.04 in two dimensions, 0.06 in fifty.
    private const int FewestRows = 10_000;
    private const int MostRows = 20_000;

    // By chance any two coordinates are taken together in one of ten thousand data sets and conditions.
    private const double FamilyError = 1e-4;

    /// <summary>The blocks of a data set, one of all coordinates where a condition has too few rows to say otherwise.</summary>
    public static IReadOnlyList<int[]> Of(TrainingSet set)
    {
        var groups = new ConditionRows(set);
        return Of(set.Points, set.Dimension, [.. groups.Observed.Select(condition => groups[condition])]);
    }

    /// <summary>The finest blocks that no group of rows contradicts.</summary>
    /// <param name="points">Row-major <c>[all rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="groups">Row numbers of each group.</param>
    public static IReadOnlyList<int[]> Of(ReadOnlySpan<float> points, int dimension, IReadOnlyList<int[]> groups)
    {
        if (groups.Any(group => group.Length < FewestRows))
        {
            return [[.. Enumerable.Range(0, dimension)]];
        }

        int[] label = [.. Enumerable.Range(0, dimension)];
        foreach (int[] group in groups)
        {
            int stride = (group.Length + MostRows - 1) / MostRows;
            int[] rows = [.. group.Where((_, i) => i % stride == 0)];
            var moments = RowMoments.Of(Scores(points, dimension, rows), 2 * dimension, [.. Enumerable.Range(0, rows.Length)]);
            foreach (int[] block in CovarianceFit.CorrelatedBlocks(moments, FamilyError))
            {
                Join(label, block, dimension);
            }
        }

        return [.. Enumerable.Range(0, dimension).GroupBy(j => label[j]).Select(block => block.ToArray())];
    }

    /// <summary>z and z^2 of every coordinate, row-major <c>[rows, 2 d]</c>; equal values have the mean of their ranks.</summary>
    private static float[] Scores(ReadOnlySpan<float> points, int dimension, int[] rows)
    {
        float[] scores = new float[rows.Length * 2 * dimension], values = new float[rows.Length];
        int[] order = new int[rows.Length];
        for (int j = 0; j < dimension; j++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                values[i] = points[(rows[i] * dimension) + j];
                order[i] = i;
            }

            Array.Sort(values, order);
            for (int first = 0, end; first < rows.Length; first = end)
            {
                end = first + 1;
                while (end < rows.Length && values[end] == values[first])
                {
                    end++;
                }

                float z = (float)Normal.InvCDF(0, 1, 0.5 * (first + end) / rows.Length);
                for (int i = first; i < end; i++)
                {
                    int at = order[i] * 2 * dimension;
                    scores[at + j] = z;
                    scores[at + dimension + j] = z * z;
                }
            }
        }

        return scores;
    }

    /// <summary>Gives the coordinates of a block of z and z^2 one label.</summary>
    private static void Join(int[] label, int[] block, int dimension)
    {
        foreach (int member in block)
        {
            int from = label[member % dimension], to = label[block[0] % dimension];
            for (int j = 0; j < dimension; j++)
            {
                label[j] = label[j] == from ? to : label[j];
            }
        }
    }
}
