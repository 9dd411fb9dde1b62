using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Support;

/// <summary>N(Mean, Covariance) with a full covariance, in double precision.</summary>
/// <param name="Mean">d coordinates.</param>
/// <param name="Covariance">Symmetric and positive definite.</param>
public sealed record GaussianDistribution(Vector<double> Mean, Matrix<double> Covariance)
{
    /// <summary>Dimension d.</summary>
    public int Dimension => Mean.Count;

    /// <summary>N(0, I).</summary>
    public static GaussianDistribution Standard(int dimension) =>
        new(Vector<double>.Build.Dense(dimension), Matrix<double>.Build.DenseIdentity(dimension));

    /// <summary>Mean zero, unit variances, and neighbours 2i and 2i + 1 correlated: the mutual-information pair of method.md.</summary>
    public static GaussianDistribution Pairs(int dimension, double correlation) => new(
        Vector<double>.Build.Dense(dimension),
        Matrix<double>.Build.Dense(dimension, dimension, (i, j) => i == j ? 1 : i / 2 == j / 2 ? correlation : 0));

    /// <summary>A mean of the given spread and a covariance Q diag Q^T with Q random and eigenvalues from 0.4 to 2.</summary>
    public static GaussianDistribution Random(int dimension, ulong seed, double spread = 1)
    {
        const double smallest = 0.4;
        const double largest = 2;
        var data = new RandomData(seed);
        Vector<double> mean = Vector<double>.Build.Dense([.. data.Normal(dimension, spread).Select(value => (double)value)]);
        float[] entries = data.Normal(dimension * dimension);
        Matrix<double> basis = Matrix<double>.Build.Dense(dimension, dimension, (i, j) => entries[(i * dimension) + j]).QR().Q;
        Matrix<double> eigenvalues = Matrix<double>.Build.DenseDiagonal(
            dimension, dimension, i => smallest * Math.Pow(largest / smallest, (double)i / Math.Max(1, dimension - 1)));
        Matrix<double> covariance = basis * eigenvalues * basis.Transpose();
        return new GaussianDistribution(mean, (covariance + covariance.Transpose()) / 2);
    }

    /// <summary>The Gaussian with the mean and covariance of an equal mixture.</summary>
    public static GaussianDistribution MatchMoments(IReadOnlyCollection<GaussianDistribution> parts)
    {
        Vector<double> mean = parts.Select(part => part.Mean).Aggregate((a, b) => a + b) / parts.Count;
        Matrix<double> covariance = parts
            .Select(part => part.Covariance + (part.Mean - mean).OuterProduct(part.Mean - mean))
            .Aggregate((a, b) => a + b) / parts.Count;
        return new GaussianDistribution(mean, covariance);
    }

    /// <summary>The distribution of x + noise where the noise is N(0, variance I).</summary>
    public GaussianDistribution Smooth(double variance) =>
        this with { Covariance = Covariance + (variance * Matrix<double>.Build.DenseIdentity(Dimension)) };

    /// <summary>Points rounded to float, row-major <c>[count, d]</c>.</summary>
    public float[] Sample(int count, ulong seed)
    {
        Matrix<double> factor = Covariance.Cholesky().Factor;
        float[] noise = new RandomData(seed).Normal(count * Dimension);
        return [.. Enumerable.Range(0, count).SelectMany(r =>
        {
            double[] row = [.. noise.AsSpan(r * Dimension, Dimension).ToArray().Select(value => (double)value)];
            return (Mean + (factor * Vector<double>.Build.Dense(row))).Select(value => (float)value);
        })];
    }

    /// <summary>log density in nats at each row of <c>[n, d]</c>.</summary>
    public double[] LogDensity(float[] points)
    {
        var factor = Covariance.Cholesky();
        double constant = -0.5 * (factor.DeterminantLn + (Dimension * Math.Log(2 * Math.PI)));
        return [.. points.Chunk(Dimension).Select(row =>
        {
            Vector<double> deviation = Vector<double>.Build.Dense([.. row.Select(value => (double)value)]) - Mean;
            return constant - (0.5 * (deviation * factor.Solve(deviation)));
        })];
    }
}
