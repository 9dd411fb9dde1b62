using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// The weights of a mixture's components in some of its rows, by EM with the components held fixed. Only as many numbers as components are
/// estimated, so two conditions differ by what their rows say and hardly by noise.
/// </summary>
internal sealed class ConditionWeights
{
    private const int Iterations = 200;
    private const double Converged = 1e-6;

    // Rows that are added with the whole's weights, so that no weight becomes zero; each says as much as a real row.
    private const double PseudoRows = 1;

    private readonly BaseDensity whole;
    private readonly int rows;
    private readonly double[] likelihoods;

    /// <summary>Evaluates every component at every row.</summary>
    /// <param name="whole">The mixture of all rows.</param>
    /// <param name="points">Row-major <c>[rows, d]</c>.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public ConditionWeights(BaseDensity whole, ReadOnlyMemory<float> points, ParallelOptions parallel)
    {
        this.whole = whole;
        int dimension = whole.Dimension, components = whole.Components.Length;
        rows = points.Length / dimension;
        likelihoods = new double[rows * components];
        Parallel.For(
            0,
            rows,
            parallel,
            () => new double[dimension],
            (r, state, point) =>
            {
                for (int j = 0; j < dimension; j++)
                {
                    point[j] = points.Span[(r * dimension) + j];
                }

                Span<double> row = likelihoods.AsSpan(r * components, components);
                double largest = double.NegativeInfinity;
                for (int k = 0; k < components; k++)
                {
                    row[k] = whole.Components[k].LogDensity(PathSchedule.Deterministic.Constants, 1, point);
                    largest = Math.Max(largest, row[k]);
                }

                // Only their proportions matter, row by row.
                for (int k = 0; k < components; k++)
                {
                    row[k] = Math.Exp(row[k] - largest);
                }

                return point;
            },
            _ => { });
    }

    /// <summary>The components' levels of abundance.</summary>
    /// <param name="groups">Row numbers of each condition; conditions share no row.</param>
    /// <param name="isCoded">Whether it costs something to say which component is of which level.</param>
    /// <param name="parallel">Threads, and cancellation, which is looked at before every iteration.</param>
    public ComponentLevels Levels(IReadOnlyList<int[]> groups, bool isCoded, ParallelOptions parallel) =>
        ComponentLevels.Fit(whole, likelihoods, groups, isCoded, parallel);

    /// <summary>The mixture with the weights of some rows.</summary>
    /// <param name="chosen">Row numbers; none gives the whole's weights.</param>
    /// <param name="cancellation">Looked at before every iteration.</param>
    public BaseDensity Of(IReadOnlyList<int> chosen, CancellationToken cancellation)
    {
        double[] prior = [.. whole.Components.Select(component => component.Weight)];
        double[] weights = [.. prior], sums = new double[prior.Length];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            foreach (int r in chosen)
            {
                Span<double> row = likelihoods.AsSpan(r * prior.Length, prior.Length);
                double total = 0;
                for (int k = 0; k < prior.Length; k++)
                {
                    total += weights[k] * row[k];
                }

                for (int k = 0; k < prior.Length && total > 0; k++)
                {
                    sums[k] += weights[k] * row[k] / total;
                }
            }

            double change = 0, count = sums.Sum() + PseudoRows;
            for (int k = 0; k < prior.Length; k++)
            {
                double weight = (sums[k] + (PseudoRows * prior[k])) / count;
                change = Math.Max(change, Math.Abs(weight - weights[k]));
                weights[k] = weight;
            }

            if (change < Converged)
            {
                break;
            }
        }

        return new BaseDensity(whole.Components.Select((component, k) => component.WithWeight(weights[k])));
    }
}
