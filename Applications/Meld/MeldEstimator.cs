namespace FlowRatio.Applications.Meld;

/// <summary>
/// MELD's sample-associated densities: labels, each column divided by its sum, smoothed over the graph by the low-pass filter
/// exp(-60 lambda / lambda_max), a Chebyshev expansion of order 50 in the Laplacian. One graph serves any number of labellings.
/// </summary>
public sealed class MeldEstimator
{
    private const double Beta = 60;
    private const int Order = 50;

    // The release multiplies what its inexact search finds; kept, since the filter is defined by it.
    private const double SpectrumMargin = 1.01;

    private readonly MeldGraph graph;
    private readonly double[] coefficients;
    private readonly double half;

    private MeldEstimator(MeldGraph graph, double largestEigenvalue)
    {
        this.graph = graph;
        LargestEigenvalue = largestEigenvalue;
        half = 0.5 * largestEigenvalue;
        coefficients = Coefficients(half);
    }

    /// <summary>lambda_max as the filter uses it: the largest eigenvalue times 1.01.</summary>
    public double LargestEigenvalue { get; }

    /// <summary>Builds the graph of a set of points.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, finite; at most 100 dimensions, as in the release without its PCA.</param>
    /// <param name="dimension">d.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">Too few points, or lengths that do not fit.</exception>
    public static MeldEstimator Create(float[] points, int dimension, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        MeldGraph graph = MeldGraph.Create(points, dimension, cancellation);
        return new MeldEstimator(graph, SpectrumMargin * Meld.LargestEigenvalue.Of(graph, cancellation));
    }

    /// <summary>Filters an indicator.</summary>
    /// <param name="isMember">Which points carry the label; at least one.</param>
    /// <returns>Density of the label at every point; the densities sum to 1, as the indicator does after division by its sum.</returns>
    /// <exception cref="ArgumentException">Another number of labels than points, or none is set.</exception>
    public double[] Density(IReadOnlyList<bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        int members = isMember.Count(label => label);
        if (isMember.Count != graph.Size || members == 0)
        {
            throw new ArgumentException($"There are {isMember.Count} labels, {members} of them set, for {graph.Size} points.", nameof(isMember));
        }

        return Filter([.. isMember.Select(label => label ? 1.0 / members : 0)]);
    }

    /// <summary>log(density of the label / density of all others) at every point, in nats.</summary>
    /// <param name="isNumerator">Label of every point; both must occur.</param>
    public double[] LogRatios(IReadOnlyList<bool> isNumerator)
    {
        double[] above = Density(isNumerator), below = Density([.. isNumerator.Select(label => !label)]);
        return [.. above.Zip(below, (a, b) => Math.Log(a) - Math.Log(b))];
    }

    /// <summary>c_o = (2/N) sum_j h(a cos th_j + a) cos(o th_j) with N = order + 1 nodes th_j = pi (j + 1/2) / N.</summary>
    private static double[] Coefficients(double half)
    {
        const int nodes = Order + 1;
        double[] result = new double[nodes];
        for (int o = 0; o < nodes; o++)
        {
            for (int j = 0; j < nodes; j++)
            {
                double angle = Math.PI * (j + 0.5) / nodes;
                double lambda = (half * Math.Cos(angle)) + half;
                result[o] += 2.0 / nodes * Math.Exp(-Beta * Math.Abs(lambda / (2 * half))) * Math.Cos(o * angle);
            }
        }

        return result;
    }

    /// <summary>sum_o c_o T_o((L - a) / a) f with c_0 halved; T_(o+1) = 2 y T_o - T_(o-1).</summary>
    private double[] Filter(double[] signal)
    {
        int n = signal.Length;
        double[] before = signal, current = new double[n], result = new double[n], product = new double[n];
        graph.Multiply(before, product);
        for (int i = 0; i < n; i++)
        {
            current[i] = (product[i] - (half * before[i])) / half;
            result[i] = (0.5 * coefficients[0] * before[i]) + (coefficients[1] * current[i]);
        }

        for (int o = 2; o < coefficients.Length; o++)
        {
            graph.Multiply(current, product);
            double[] next = new double[n];
            for (int i = 0; i < n; i++)
            {
                next[i] = (2 * (product[i] - (half * current[i])) / half) - before[i];
                result[i] += coefficients[o] * next[i];
            }

            (before, current) = (current, next);
        }

        return result;
    }
}
