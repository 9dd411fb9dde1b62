using FlowRatio.Training.Neighbors;

namespace FlowRatio.Applications.Neighbors;

/// <summary>
/// A log-ratio from counts: of a point's k nearest others, n_1 belong to the numerator and n_0 to the denominator; its log-odds
/// log((n_1 + 1/2) / (n_0 + 1/2)) minus the log-odds of the whole table. The halves keep it finite (Haldane and Anscombe).
/// </summary>
public static class LabelFraction
{
    /// <summary>Log-ratios of all points.</summary>
    /// <param name="neighbors">Neighbours of every point; the point itself does not count.</param>
    /// <param name="isNumerator">Label of every point; both must occur.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a label does not occur.</exception>
    public static double[] LogRatios(NeighborTable neighbors, IReadOnlyList<bool> isNumerator)
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        ArgumentNullException.ThrowIfNull(isNumerator);
        int above = isNumerator.Count(label => label);
        if (isNumerator.Count != neighbors.Rows || above == 0 || above == isNumerator.Count)
        {
            throw new ArgumentException(
                $"There are {isNumerator.Count} labels, {above} of the numerator, for {neighbors.Rows} points; both labels are needed.", nameof(isNumerator));
        }

        double prior = Math.Log((double)above / (isNumerator.Count - above));
        double[] ratios = new double[neighbors.Rows];
        for (int r = 0; r < ratios.Length; r++)
        {
            int count = 0;
            foreach (int other in neighbors.IndicesOf(r))
            {
                count += isNumerator[other] ? 1 : 0;
            }

            ratios[r] = Math.Log((count + 0.5) / (neighbors.Count - count + 0.5)) - prior;
        }

        return ratios;
    }
}
