using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowRatio.Training.BaseFlows;

/// <summary>One Gaussian during the EM iterations: its covariance with the inverse of its Cholesky factor.</summary>
internal sealed class MixtureComponent
{
    private readonly double[] inverseFactor;
    private readonly int stride;
    private readonly double logNormalizer;

    /// <summary>Factorises a covariance, with as much added to its diagonal as that takes.</summary>
    /// <param name="weight">Weight in the mixture.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="covariance">Row-major <c>[d, d]</c>.</param>
    /// <param name="isDiagonal">Whether only its diagonal counts.</param>
    /// <param name="floor">Smallest variance.</param>
    public MixtureComponent(double weight, double[] mean, double[] covariance, bool isDiagonal, double floor)
    {
        int dimension = mean.Length;
        Weight = weight;
        Mean = mean;
        Covariance = covariance;
        IsDiagonal = isDiagonal;
        stride = Stride(dimension);
        inverseFactor = new double[isDiagonal ? stride : dimension * stride];
        double logDeterminant = 0;
        if (isDiagonal)
        {
            for (int i = 0; i < dimension; i++)
            {
                double variance = Math.Max(covariance[(i * dimension) + i], floor);
                covariance[(i * dimension) + i] = variance;
                inverseFactor[i] = 1 / Math.Sqrt(variance);
                logDeterminant += Math.Log(variance);
            }
        }
        else
        {
            logDeterminant = Factorize(covariance, dimension, floor);
        }

        logNormalizer = Math.Log(weight) - (0.5 * (logDeterminant + (dimension * Math.Log(2 * Math.PI))));
    }

    public double Weight { get; }

    public double[] Mean { get; }

    /// <summary>Row-major <c>[d, d]</c>; of a diagonal one only the diagonal counts.</summary>
    public double[] Covariance { get; }

    public bool IsDiagonal { get; }

    /// <summary>Length of a row padded to whole vectors.</summary>
    public static int Stride(int dimension) =>
        (dimension + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <summary>log of weight times density; <paramref name="deviation"/> receives x - mean, padded with zeros.</summary>
    public double LogDensity(ReadOnlySpan<float> x, double[] deviation)
    {
        int dimension = Mean.Length;
        for (int j = 0; j < dimension; j++)
        {
            deviation[j] = x[j] - Mean[j];
        }

        ReadOnlySpan<Vector<double>> columns = MemoryMarshal.Cast<double, Vector<double>>(deviation.AsSpan(0, stride));
        ReadOnlySpan<Vector<double>> factor = MemoryMarshal.Cast<double, Vector<double>>(inverseFactor);
        double squares = 0;
        if (IsDiagonal)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int j = 0; j < columns.Length; j++)
            {
                Vector<double> y = factor[j] * columns[j];
                sum += y * y;
            }

            squares = Vector.Sum(sum);
        }
        else
        {
            for (int i = 0; i < dimension; i++)
            {
                ReadOnlySpan<Vector<double>> row = factor.Slice(i * columns.Length, (i / Vector<double>.Count) + 1);
                Vector<double> sum = Vector<double>.Zero;
                for (int j = 0; j < row.Length; j++)
                {
                    sum += row[j] * columns[j];
                }

                double y = Vector.Sum(sum);
                squares += y * y;
            }
        }

        return logNormalizer - (0.5 * squares);
    }

    /// <summary>Fills the inverse of the lower Cholesky factor; returns log |C|.</summary>
    private double Factorize(double[] covariance, int dimension, double floor)
    {
        double[] lower = new double[dimension * dimension];
        double logDeterminant = 0;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = covariance[(i * dimension) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= lower[(i * dimension) + k] * lower[(j * dimension) + k];
                }

                if (i == j)
                {
                    // What is left of the variance after the earlier coordinates; a singular covariance has none.
                    double rest = Math.Max(sum, floor);
                    covariance[(i * dimension) + i] += rest - sum;
                    lower[(i * dimension) + i] = Math.Sqrt(rest);
                    logDeterminant += Math.Log(rest);
                }
                else
                {
                    lower[(i * dimension) + j] = sum / lower[(j * dimension) + j];
                }
            }
        }

        for (int column = 0; column < dimension; column++)
        {
            for (int i = column; i < dimension; i++)
            {
                double sum = i == column ? 1 : 0;
                for (int k = column; k < i; k++)
                {
                    sum -= lower[(i * dimension) + k] * inverseFactor[(k * stride) + column];
                }

                inverseFactor[(i * stride) + column] = sum / lower[(i * dimension) + i];
            }
        }

        return logDeterminant;
    }
}
