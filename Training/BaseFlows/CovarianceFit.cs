using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// A covariance of the structure that the Bayesian information criterion prefers (Schwarz 1978). Each parameter that need not be estimated
/// lowers the error of a log-ratio far from the means, where a quadratic form multiplies it by the squared distance.
/// </summary>
/// <param name="Structure">What was chosen.</param>
/// <param name="Blocks">The covariance.</param>
/// <param name="Parameters">Number of its parameters.</param>
/// <param name="LogLikelihood">Of the rows, with their means fitted, in nats.</param>
internal sealed record CovarianceFit(
    CovarianceStructure Structure, IReadOnlyList<EigenBlock> Blocks, int Parameters, double LogLikelihood)
{
    // Chance that any pair of independent coordinates counts as correlated.
    private const double FamilyError = 0.01;

    /// <summary>-2 log L + p ln n.</summary>
    /// <param name="rows">n.</param>
    public double Criterion(double rows) => (-2 * LogLikelihood) + (Parameters * Math.Log(rows));

    /// <summary>The best structure for given moments.</summary>
    /// <param name="moments">Moments of the rows.</param>
    /// <param name="criterionRows">n of the criterion: all rows, where several conditions are compared.</param>
    /// <param name="floor">Smallest variance along any direction.</param>
    public static CovarianceFit Choose(RowMoments moments, double criterionRows, double floor)
    {
        int dimension = moments.Dimension;
        List<CovarianceFit> candidates = [Spherical(moments, floor), Of(moments, CovarianceStructure.Diagonal, Singles(dimension), floor)];
        IReadOnlyList<int[]> blocks = CorrelatedBlocks(moments);
        if (blocks.Count > 1 && blocks.Count < dimension && moments.Count > blocks.Max(block => block.Length) + 1)
        {
            candidates.Add(Of(moments, CovarianceStructure.Block, blocks, floor));
        }

        if (dimension > 1 && moments.Count > dimension + 1)
        {
            candidates.Add(Of(moments, CovarianceStructure.Full, [[.. Enumerable.Range(0, dimension)]], floor));
        }

        return candidates.MinBy(candidate => candidate.Criterion(criterionRows))!;
    }

    /// <summary>A covariance of given blocks, shrunk, with floored variances.</summary>
    /// <param name="moments">Moments of the rows.</param>
    /// <param name="structure">Name of what the blocks are.</param>
    /// <param name="blocks">Coordinates of each block, ascending.</param>
    /// <param name="floor">Smallest variance along any direction.</param>
    public static CovarianceFit Of(RowMoments moments, CovarianceStructure structure, IReadOnlyList<int[]> blocks, double floor)
    {
        int dimension = moments.Dimension, parameters = 0;
        List<EigenBlock> fitted = [];
        double logLikelihood = 0;
        foreach (int[] coordinates in blocks)
        {
            double[] covariance = Part(moments.Covariance, dimension, coordinates);
            EigenBlock block = EigenBlock.FromCovariance(coordinates, Shrink(covariance, coordinates.Length, moments.Count), floor);
            fitted.Add(block);
            logLikelihood += LogLikelihoodOf(block, covariance, moments.Count);
            parameters += coordinates.Length * (coordinates.Length + 1) / 2;
        }

        return new CovarianceFit(structure, fitted, parameters, logLikelihood);
    }

    /// <summary>Blocks of coordinates, each connected by pairs whose correlation is significant.</summary>
    /// <param name="moments">Moments of the rows.</param>
    /// <param name="familyError">Probability that any of the pairs is connected by chance.</param>
    public static IReadOnlyList<int[]> CorrelatedBlocks(RowMoments moments, double familyError = FamilyError)
    {
        int dimension = moments.Dimension;
        int[] group = [.. Enumerable.Range(0, dimension)];
        if (moments.Count > 4)
        {
            // Fisher: atanh r has the standard deviation 1 / sqrt(n - 3).
            double pairs = Math.Max(1, 0.5 * dimension * (dimension - 1));
            double quantile = -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, familyError / (2 * pairs));
            double threshold = Math.Tanh(quantile / Math.Sqrt(moments.Count - 3));
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double scale = Math.Sqrt(moments.Covariance[(i * dimension) + i] * moments.Covariance[(j * dimension) + j]);
                    if (Math.Abs(moments.Covariance[(i * dimension) + j]) > threshold * scale && group[i] != group[j])
                    {
                        (int from, int to) = (Math.Max(group[i], group[j]), Math.Min(group[i], group[j]));
                        for (int k = 0; k < dimension; k++)
                        {
                            group[k] = group[k] == from ? to : group[k];
                        }
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, dimension).GroupBy(i => group[i]).Select(block => block.ToArray())];
    }

    private static IReadOnlyList<int[]> Singles(int dimension) => [.. Enumerable.Range(0, dimension).Select(i => new[] { i })];

    private static CovarianceFit Spherical(RowMoments moments, double floor)
    {
        int dimension = moments.Dimension;
        double trace = Enumerable.Range(0, dimension).Sum(i => moments.Covariance[(i * dimension) + i]);
        double variance = Math.Max(trace / dimension, floor);
        double logLikelihood = -0.5 * moments.Count * ((dimension * Math.Log(2 * Math.PI * variance)) + (trace / variance));
        return new CovarianceFit(
            CovarianceStructure.Spherical,
            [.. Enumerable.Range(0, dimension).Select(i => EigenBlock.OfOne(i, variance))],
            1,
            logLikelihood);
    }

    private static double LogLikelihoodOf(EigenBlock block, double[] covariance, double rows)
    {
        int size = block.Size;
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            double along = 0;
            for (int j = 0; j < size; j++)
            {
                double product = 0;
                for (int k = 0; k < size; k++)
                {
                    product += covariance[(j * size) + k] * block.Directions[(i * size) + k];
                }

                along += block.Directions[(i * size) + j] * product;
            }

            sum += Math.Log(2 * Math.PI * block.Variances[i]) + (along / block.Variances[i]);
        }

        return -0.5 * rows * sum;
    }

    private static double[] Part(double[] covariance, int dimension, int[] coordinates)
    {
        int size = coordinates.Length;
        double[] part = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                part[(i * size) + j] = covariance[(coordinates[i] * dimension) + coordinates[j]];
            }
        }

        return part;
    }

    /// <summary>
    /// Towards the identity times the mean variance by the oracle-approximating amount (Chen, Wiesel, Eldar, Hero, "Shrinkage algorithms for
    /// MMSE covariance estimation", 2010): next to nothing where rows are many.
    /// </summary>
    private static double[] Shrink(double[] covariance, int size, double rows)
    {
        if (size == 1)
        {
            return covariance;
        }

        double trace = Enumerable.Range(0, size).Sum(i => covariance[(i * size) + i]);
        double squares = covariance.Sum(value => value * value);
        double spread = squares - (trace * trace / size);
        double amount = (((1 - (2.0 / size)) * squares) + (trace * trace)) / ((rows + 1 - (2.0 / size)) * spread);
        double kept = spread > 0 ? 1 - Math.Clamp(amount, 0, 1) : 0;
        return
        [
            .. covariance.Select((value, i) => (kept * value) + (i % (size + 1) == 0 ? (1 - kept) * trace / size : 0)),
        ];
    }
}
