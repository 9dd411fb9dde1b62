using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// One product of mixtures per group of rows: a mixture for every block of independent coordinates, of the group's own rows or one for all groups, whichever
/// BIC prefers. Blocks that all groups share add nothing to a log-ratio, and no noise either.
/// </summary>
/// <param name="Densities">One per group.</param>
/// <param name="Summary">Blocks and components in words.</param>
internal sealed record FactorFit(IReadOnlyList<BaseDensity> Densities, string Summary)
{
    // Rows whose log-likelihoods decide between mixtures of their own and a common one.
    private const int RowsToCompare = 20_000;

    /// <summary>Fits all groups.</summary>
    /// <param name="points">Row-major <c>[all rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="groups">Row numbers of each group.</param>
    /// <param name="blocks">Coordinates of each block, ascending (<see cref="IndependentBlocks"/>).</param>
    /// <param name="components">Components of each mixture, or null to choose their numbers.</param>
    /// <param name="seed">Seed of the starts.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public static FactorFit Of(
        ReadOnlyMemory<float> points,
        int dimension,
        int[][] groups,
        IReadOnlyList<int[]> blocks,
        int? components,
        ulong seed,
        ParallelOptions parallel)
    {
        Block[] fits = new Block[blocks.Count];
        double smallest = Math.Max(GaussianBaseFit.RelativeFloor * MeanVariance(points.Span, dimension, groups), GaussianBaseFit.SmallestVariance);
        var alone = new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken };
        Parallel.For(0, fits.Length, parallel, i => fits[i] = Block.Fit(Columns(points.Span, dimension, blocks[i]), blocks[i], groups, components, smallest, seed, alone));
        BaseDensity[] densities = [.. groups.Select((_, g) => new BaseDensity(fits.Select(fit => fit.Factors[fit.IsCommon ? 0 : g])))];
        int common = fits.Count(fit => fit.IsCommon);
        int most = fits.Max(fit => fit.Factors.Max(factor => factor.Components.Length));
        string summary = $"factors, {blocks.Count} independent blocks of up to {most} components"
            + (groups.Length > 1 ? $", {common} of them the same for all conditions" : string.Empty);
        return new FactorFit(densities, summary);
    }

    /// <summary>Mean over coordinates of the variance of the groups' rows.</summary>
    private static double MeanVariance(ReadOnlySpan<float> points, int dimension, int[][] groups)
    {
        double[] sums = new double[dimension], squares = new double[dimension];
        int count = 0;
        foreach (int row in groups.SelectMany(rows => rows))
        {
            for (int j = 0; j < dimension; j++)
            {
                double value = points[(row * dimension) + j];
                sums[j] += value;
                squares[j] += value * value;
            }

            count++;
        }

        return Enumerable.Range(0, dimension).Average(j => Math.Max(0, (squares[j] / count) - (sums[j] / count * (sums[j] / count))));
    }

    /// <summary>Some coordinates of all rows.</summary>
    private static float[] Columns(ReadOnlySpan<float> points, int dimension, int[] coordinates)
    {
        float[] columns = new float[points.Length / dimension * coordinates.Length];
        for (int at = 0, row = 0; at < columns.Length; row += dimension)
        {
            foreach (int coordinate in coordinates)
            {
                columns[at++] = points[row + coordinate];
            }
        }

        return columns;
    }

    /// <summary>The factors of one block: one per group, or a common one.</summary>
    private sealed record Block(IReadOnlyList<BaseFactor> Factors, bool IsCommon)
    {
        public static Block Fit(
            ReadOnlyMemory<float> columns, int[] coordinates, int[][] groups, int? components, double smallest, ulong seed, ParallelOptions parallel)
        {
            (BaseFactor Factor, int Parameters)[] own = [.. groups.Select(Mixture)];
            if (groups.Length > 1)
            {
                (BaseFactor factor, int parameters) = Mixture([.. groups.SelectMany(rows => rows).Order()]);
                double gained = groups.Select((rows, g) => rows.Length * MeanGain(columns.Span, rows, own[g].Factor, factor)).Sum();
                if (2 * gained <= (own.Sum(fit => fit.Parameters) - parameters) * Math.Log(groups.Sum(rows => rows.Length)))
                {
                    return new Block([factor], true);
                }
            }

            return new Block([.. own.Select(fit => fit.Factor)], false);

            (BaseFactor Factor, int Parameters) Mixture(int[] rows)
            {
                if (coordinates.Length == 1)
                {
                    LineMixture line = LineMixture.Of(columns.Span, rows, components, smallest, parallel.CancellationToken);
                    return (new BaseFactor(coordinates, line.Components), line.Parameters);
                }

                MixtureFit fit = MixtureFit.Of(columns, coordinates.Length, rows, components, seed, parallel);
                return (new BaseFactor(coordinates, fit.Density.Components), fit.Parameters);
            }
        }

        /// <summary>Mean difference of two log-densities over rows, in nats.</summary>
        private static double MeanGain(ReadOnlySpan<float> columns, int[] rows, BaseFactor factor, BaseFactor other)
        {
            PathConstants path = PathSchedule.Deterministic.Constants;
            double[] point = new double[factor.Dimension];
            int stride = Math.Max(1, rows.Length / RowsToCompare), count = 0;
            double sum = 0;
            for (int i = 0; i < rows.Length; i += stride, count++)
            {
                for (int j = 0; j < point.Length; j++)
                {
                    point[j] = columns[(rows[i] * point.Length) + j];
                }

                sum += factor.LogDensity(path, 1, point) - other.LogDensity(path, 1, point);
            }

            return sum / count;
        }
    }
}
