using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// Maximum-likelihood mixtures of Gaussians by EM (Dempster, Laird, Rubin 1977) from k-means++ starts (Arthur, Vassilvitskii 2007). Each
/// covariance is drawn towards the diagonal of the whole by a few pseudo-rows (Fraley, Raftery, "Bayesian regularization for normal mixture
/// estimation", 2007), so that a component cannot collapse onto a few rows; components of too few rows are removed.
/// </summary>
/// <param name="points">Row-major <c>[all rows, d]</c>.</param>
/// <param name="whole">Moments of the rows.</param>
/// <param name="isDiagonal">Whether covariances are diagonal.</param>
/// <param name="floor">Smallest variance.</param>
internal sealed class ExpectationMaximization(ReadOnlyMemory<float> points, RowMoments whole, bool isDiagonal, double floor)
{
    // Sums over rows are cut into so many parts, whatever the number of threads, so that results do not depend on it.
    private const int Parts = 8;
    private const int PseudoRows = 2;
    private const double FewestRowsShare = 0.005;
    private const double NegligibleResponsibility = 1e-7;

    private readonly int dimension = whole.Dimension;

    /// <summary>A mixture with its mean log-likelihood per row.</summary>
    public sealed record State(IReadOnlyList<MixtureComponent> Components, double LogLikelihood);

    /// <summary>Start: centres by k-means++, every row to the nearest one.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="components">Number of components.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="start">Number of the start.</param>
    public State Start(int[] rows, int components, ulong seed, uint start)
    {
        double[] scale = [.. Enumerable.Range(0, dimension).Select(i => 1 / Math.Max(whole.Covariance[(i * dimension) + i], floor))];
        double[] nearest = new double[rows.Length];
        int[] owner = new int[rows.Length];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int k = 0; k < components; k++)
        {
            double uniform = Philox.Block(seed, RandomStream.BaseFit, (uint)k, start, (uint)components).Uniform01;
            int centre = k == 0 ? (int)(uniform * rows.Length) : Pick(nearest, uniform);
            for (int r = 0; r < rows.Length; r++)
            {
                double distance = SquaredDistance(rows[r], rows[centre], scale);
                if (distance < nearest[r])
                {
                    nearest[r] = distance;
                    owner[r] = k;
                }
            }
        }

        List<MixtureComponent> fitted = [];
        for (int k = 0; k < components; k++)
        {
            int[] own = [.. Enumerable.Range(0, rows.Length).Where(r => owner[r] == k).Select(r => rows[r])];
            if (own.Length > 0)
            {
                RowMoments moments = RowMoments.Of(points.Span, dimension, own);
                fitted.Add(Component((double)own.Length / rows.Length, own.Length, moments.Mean, moments.Covariance, components));
            }
        }

        return new State(fitted, double.NegativeInfinity);
    }

    /// <summary>Iterates until the likelihood stops growing.</summary>
    /// <param name="state">Where to begin.</param>
    /// <param name="rows">Row numbers.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <param name="gain">Nats per row by which the likelihood must grow for another iteration.</param>
    /// <param name="parallel">Threads, and cancellation, which is looked at before every iteration.</param>
    public State Run(State state, int[] rows, int iterations, double gain, ParallelOptions parallel)
    {
        // The state's likelihood may be that of other rows, so the first iteration is compared with nothing.
        double before = double.NegativeInfinity;

        // After a removal there is no likelihood yet: at least one more iteration, and no end by a comparison with it.
        for (int i = 0; i < iterations || double.IsNegativeInfinity(state.LogLikelihood); i++)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            int components = state.Components.Count;
            state = Step(state.Components, rows, parallel);
            if (state.Components.Count == components && state.LogLikelihood - before < gain)
            {
                break;
            }

            before = state.LogLikelihood;
        }

        // A step tells the likelihood of the components before it.
        return state with { LogLikelihood = Sum(state.Components, rows, parallel).LogLikelihood / rows.Length };
    }

    /// <summary>A row drawn with probabilities proportional to weights.</summary>
    /// <param name="weights">Not negative.</param>
    /// <param name="uniform">A number in [0, 1).</param>
    public static int Pick(double[] weights, double uniform)
    {
        double rest = uniform * weights.Sum();
        for (int r = 0; r < weights.Length; r++)
        {
            rest -= weights[r];
            if (rest < 0)
            {
                return r;
            }
        }

        return weights.Length - 1;
    }

    private double SquaredDistance(int row, int other, double[] scale)
    {
        ReadOnlySpan<float> a = Row(row), b = Row(other);
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            double difference = a[j] - b[j];
            sum += difference * difference * scale[j];
        }

        return sum;
    }

    private ReadOnlySpan<float> Row(int row) => points.Span.Slice(row * dimension, dimension);

    private MixtureComponent Component(double weight, double rows, double[] mean, double[] covariance, int components)
    {
        // Components divide the whole among themselves; each is expected to be smaller by the root of their number.
        double pseudo = dimension + PseudoRows;
        double share = Math.Pow(components, -2.0 / dimension);
        for (int i = 0; i < covariance.Length; i++)
        {
            double prior = i % (dimension + 1) == 0 ? share * whole.Covariance[i] : 0;
            covariance[i] = ((rows * covariance[i]) + (pseudo * prior)) / (rows + pseudo);
        }

        return new MixtureComponent(weight, mean, covariance, isDiagonal, floor);
    }

    private State Step(IReadOnlyList<MixtureComponent> components, int[] rows, ParallelOptions parallel)
    {
        Sums sums = Sum(components, rows, parallel);
        double fewest = Math.Max(FewestRowsShare * rows.Length, Math.Min(2 * (dimension + 1), 0.5 * rows.Length));
        int[] kept = [.. Enumerable.Range(0, components.Count).Where(k => sums.Counts[k] >= fewest)];
        if (kept.Length == 0)
        {
            kept = [Enumerable.Range(0, components.Count).MaxBy(k => sums.Counts[k])];
        }

        double total = kept.Sum(k => sums.Counts[k]);
        List<MixtureComponent> renewed = [];
        foreach (int k in kept)
        {
            double count = sums.Counts[k];
            double[] shift = [.. sums.Shifts[k].Take(dimension).Select(value => value / count)];
            double[] covariance = isDiagonal
                ? DiagonalMatrix(sums.Products[k], count)
                : RowMoments.Unpack(sums.Products[k], dimension, MixtureComponent.Stride(dimension), 1 / count);
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j < dimension; j++)
                {
                    covariance[(i * dimension) + j] -= isDiagonal && i != j ? 0 : shift[i] * shift[j];
                }
            }

            double[] mean = [.. components[k].Mean.Select((value, j) => value + shift[j])];
            renewed.Add(Component(count / total, count, mean, covariance, kept.Length));
        }

        // A removal may lower the likelihood; the iterations then go on from there.
        double likelihood = kept.Length == components.Count ? sums.LogLikelihood / rows.Length : double.NegativeInfinity;
        return new State(renewed, likelihood);
    }

    private double[] DiagonalMatrix(double[] squares, double count)
    {
        double[] matrix = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            matrix[(i * dimension) + i] = squares[i] / count;
        }

        return matrix;
    }

    /// <summary>Sums over all rows under the present components; deviations are from their present means.</summary>
    private Sums Sum(IReadOnlyList<MixtureComponent> components, int[] rows, ParallelOptions parallel)
    {
        int stride = MixtureComponent.Stride(dimension);
        var parts = new Sums[Parts];
        Parallel.For(0, Parts, parallel, part =>
        {
            var sums = new Sums(components.Count, stride, isDiagonal ? stride : dimension * stride);
            double[][] deviations = [.. components.Select(_ => new double[stride])];
            double[] logs = new double[components.Count];
            int end = (int)((long)rows.Length * (part + 1) / Parts);
            for (int r = (int)((long)rows.Length * part / Parts); r < end; r++)
            {
                double largest = double.NegativeInfinity;
                for (int k = 0; k < logs.Length; k++)
                {
                    logs[k] = components[k].LogDensity(Row(rows[r]), deviations[k]);
                    largest = Math.Max(largest, logs[k]);
                }

                double total = 0;
                for (int k = 0; k < logs.Length; k++)
                {
                    logs[k] = Math.Exp(logs[k] - largest);
                    total += logs[k];
                }

                sums.LogLikelihood += largest + Math.Log(total);
                for (int k = 0; k < logs.Length; k++)
                {
                    double responsibility = logs[k] / total;
                    if (responsibility > NegligibleResponsibility)
                    {
                        sums.Add(k, responsibility, deviations[k], dimension, isDiagonal);
                    }
                }
            }

            parts[part] = sums;
        });
        for (int part = 1; part < Parts; part++)
        {
            parts[0].Add(parts[part]);
        }

        return parts[0];
    }

    private sealed class Sums(int components, int stride, int products)
    {
        public double LogLikelihood { get; set; }

        public double[] Counts { get; } = new double[components];

        public double[][] Shifts { get; } = [.. Enumerable.Range(0, components).Select(_ => new double[stride])];

        public double[][] Products { get; } = [.. Enumerable.Range(0, components).Select(_ => new double[products])];

        public void Add(int component, double weight, double[] deviation, int dimension, bool isDiagonal)
        {
            Counts[component] += weight;
            double[] shift = Shifts[component], sums = Products[component];
            for (int j = 0; j < dimension; j++)
            {
                shift[j] += weight * deviation[j];
            }

            if (!isDiagonal)
            {
                RowMoments.AddOuterProduct(deviation, weight, dimension, stride, sums);
                return;
            }

            for (int j = 0; j < dimension; j++)
            {
                sums[j] += weight * deviation[j] * deviation[j];
            }
        }

        public void Add(Sums other)
        {
            LogLikelihood += other.LogLikelihood;
            for (int k = 0; k < Counts.Length; k++)
            {
                Counts[k] += other.Counts[k];
                Add(Shifts[k], other.Shifts[k]);
                Add(Products[k], other.Products[k]);
            }
        }

        private static void Add(double[] sums, double[] other)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += other[i];
            }
        }
    }
}
