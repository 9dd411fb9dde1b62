using System.Numerics;
using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// A mixture of many spherical Gaussians of one variance, by EM from a k-means++ start. Balls of one size divide the rows into cells of
/// like rows without a broad component that overlaps the others, so that a row far from a border belongs to its own side alone.
/// </summary>
internal static class EqualBalls
{
    /// <summary>Balls where their number is not given, as long as there are <see cref="RowsPerBall"/> rows for each.</summary>
    public const int DefaultCount = 256;
    private const int RowsPerBall = 20;

    // The balls only have to be small and everywhere; the last digits of their places change nothing.
    private const int Iterations = 12;
    private const int FewestRows = 5;
    private const double RelativeFloor = 1e-6;

    // Balls whose share of a row is smaller than e to this are left out of its sums: less than rounding.
    private const double Negligible = -40;

    // Sums over rows are cut into so many parts, whatever the number of threads, so that results do not depend on it.
    private const int Parts = 8;

    /// <summary>Fits the mixture.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="count">Number of balls, or null for one per few rows; balls with hardly any rows are removed.</param>
    /// <param name="seed">Seed of the start.</param>
    /// <param name="parallel">Threads, and cancellation, which is looked at before every iteration.</param>
    public static BaseDensity Fit(ReadOnlyMemory<float> points, int dimension, int? count, ulong seed, ParallelOptions parallel)
    {
        int rows = points.Length / dimension;
        double floor = Floor(points.Span, dimension);
        State state = Start(points.Span, dimension, count ?? Math.Clamp(rows / RowsPerBall, 1, DefaultCount), seed, floor, parallel.CancellationToken);
        for (int i = 0; i < Iterations; i++)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            state = Step(points, dimension, state, floor, parallel);
        }

        EigenBlock[] blocks = [.. Enumerable.Range(0, dimension).Select(j => EigenBlock.OfOne(j, state.Variance))];
        return new BaseDensity(state.Weights.Select(
            (weight, k) => new GaussianComponent(weight, state.Means.AsSpan(k * dimension, dimension), blocks)));
    }

    /// <summary>Centres by k-means++ (Arthur, Vassilvitskii 2007); the variance is that of the rows around their nearest centre.</summary>
    private static State Start(ReadOnlySpan<float> points, int dimension, int count, ulong seed, double floor, CancellationToken cancellation)
    {
        int rows = points.Length / dimension;
        double[] means = new double[count * dimension], nearest = new double[rows];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int k = 0; k < count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            double uniform = Philox.Block(seed, RandomStream.BaseFit, (uint)k, 0, (uint)count).Uniform01;
            int centre = k == 0 ? (int)(uniform * rows) : ExpectationMaximization.Pick(nearest, uniform);
            for (int j = 0; j < dimension; j++)
            {
                means[(k * dimension) + j] = points[(centre * dimension) + j];
            }

            for (int r = 0; r < rows; r++)
            {
                double distance = 0;
                for (int j = 0; j < dimension; j++)
                {
                    double difference = points[(r * dimension) + j] - means[(k * dimension) + j];
                    distance += difference * difference;
                }

                nearest[r] = Math.Min(nearest[r], distance);
            }
        }

        double[] weights = new double[count];
        Array.Fill(weights, 1.0 / count);
        return new State(weights, means, Math.Max(nearest.Average() / dimension, floor));
    }

    /// <summary>A share of the mean variance of a coordinate: equal rows shall not make balls of no size.</summary>
    private static double Floor(ReadOnlySpan<float> points, int dimension)
    {
        RowMoments whole = RowMoments.Of(points, dimension, [.. Enumerable.Range(0, points.Length / dimension)]);
        double mean = Enumerable.Range(0, dimension).Average(j => whole.Covariance[(j * dimension) + j]);
        return mean > 0 ? RelativeFloor * mean : RelativeFloor;
    }

    private static State Step(ReadOnlyMemory<float> points, int dimension, State state, double floor, ParallelOptions parallel)
    {
        int rows = points.Length / dimension, count = state.Weights.Length;
        double[] logWeights = [.. state.Weights.Select(weight => Math.Log(weight))], columns = Columns(state.Means, dimension);
        var parts = new (double[] Counts, double[] Sums, double Squares)[Parts];
        Parallel.For(0, Parts, parallel, part =>
        {
            double[] counts = new double[count], sums = new double[count * dimension], logs = new double[count], squares = new double[count];
            double total = 0;
            int end = (int)((long)rows * (part + 1) / Parts);
            for (int r = (int)((long)rows * part / Parts); r < end; r++)
            {
                ReadOnlySpan<float> point = points.Span.Slice(r * dimension, dimension);
                Squares(point, columns, squares);
                double largest = double.NegativeInfinity, normalizer = 0;
                for (int k = 0; k < count; k++)
                {
                    logs[k] = logWeights[k] - (0.5 * squares[k] / state.Variance);
                    largest = Math.Max(largest, logs[k]);
                }

                for (int k = 0; k < count; k++)
                {
                    double log = logs[k] - largest;
                    logs[k] = log > Negligible ? Math.Exp(log) : 0;
                    normalizer += logs[k];
                }

                for (int k = 0; k < count; k++)
                {
                    if (logs[k] == 0)
                    {
                        continue;
                    }

                    double responsibility = logs[k] / normalizer;
                    counts[k] += responsibility;
                    total += responsibility * squares[k];
                    for (int j = 0; j < dimension; j++)
                    {
                        sums[(k * dimension) + j] += responsibility * point[j];
                    }
                }
            }

            parts[part] = (counts, sums, total);
        });
        return Next(parts, dimension, rows, state, floor);
    }

    private static State Next((double[] Counts, double[] Sums, double Squares)[] parts, int dimension, int rows, State state, double floor)
    {
        (double[] counts, double[] sums, double squares) = parts[0];
        foreach ((double[] Counts, double[] Sums, double Squares) part in parts.Skip(1))
        {
            Add(counts, part.Counts);
            Add(sums, part.Sums);
            squares += part.Squares;
        }

        // Around the new means the squares are smaller by the squared shifts.
        int[] kept = [.. Enumerable.Range(0, counts.Length).Where(k => counts[k] >= Math.Min(FewestRows, rows / (2.0 * counts.Length)))];
        double total = kept.Sum(k => counts[k]);
        double[] means = new double[kept.Length * dimension];
        foreach ((int place, int k) in kept.Index())
        {
            for (int j = 0; j < dimension; j++)
            {
                double mean = sums[(k * dimension) + j] / counts[k], shift = mean - state.Means[(k * dimension) + j];
                means[(place * dimension) + j] = mean;
                squares -= counts[k] * shift * shift;
            }
        }

        return new State([.. kept.Select(k => counts[k] / total)], means, Math.Max(squares / (rows * dimension), floor));
    }

    /// <summary>Coordinates by ball, <c>[d, K]</c>.</summary>
    private static double[] Columns(double[] means, int dimension)
    {
        int count = means.Length / dimension;
        double[] columns = new double[means.Length];
        for (int k = 0; k < count; k++)
        {
            for (int j = 0; j < dimension; j++)
            {
                columns[(j * count) + k] = means[(k * dimension) + j];
            }
        }

        return columns;
    }

    /// <summary>Squared distances of a row from all balls.</summary>
    private static void Squares(ReadOnlySpan<float> point, double[] columns, double[] squares)
    {
        int count = squares.Length;
        Array.Clear(squares);
        for (int j = 0; j < point.Length; j++)
        {
            ReadOnlySpan<double> column = columns.AsSpan(j * count, count);
            var place = new Vector<double>(point[j]);
            int k = 0;
            for (; k + Vector<double>.Count <= count; k += Vector<double>.Count)
            {
                Vector<double> difference = place - new Vector<double>(column[k..]);
                (new Vector<double>(squares, k) + (difference * difference)).CopyTo(squares, k);
            }

            for (; k < count; k++)
            {
                double difference = point[j] - column[k];
                squares[k] += difference * difference;
            }
        }
    }

    private static void Add(double[] sums, double[] other)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += other[i];
        }
    }

    private sealed record State(double[] Weights, double[] Means, double Variance);
}
