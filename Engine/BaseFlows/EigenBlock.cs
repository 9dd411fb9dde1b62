using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Engine.BaseFlows;

/// <summary>
/// Coordinates that vary together, with the principal directions of their covariance and the variances along them. A covariance is a list of
/// such blocks: one of all coordinates for a full one, one per coordinate for a diagonal one.
/// </summary>
public sealed class EigenBlock
{
    // A rotation in double precision is off by about 1e-15 sqrt(m); stored in float32 by about 1e-7 sqrt(m).
    private const double LargestSkew = 1e-4;

    /// <summary>Puts a block together.</summary>
    /// <param name="coordinates">Numbers of the m coordinates, ascending.</param>
    /// <param name="directions">Row-major <c>[m, m]</c>: row i is direction i, of unit length and orthogonal to the others.</param>
    /// <param name="variances">Variance along each direction, positive.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, a variance that is not positive, or directions that are not orthonormal.</exception>
    public EigenBlock(ReadOnlySpan<int> coordinates, ReadOnlySpan<double> directions, ReadOnlySpan<double> variances)
    {
        int size = coordinates.Length;
        if (size == 0 || directions.Length != (long)size * size || variances.Length != size)
        {
            throw new ArgumentException(
                $"directions has {directions.Length} and variances {variances.Length} elements for {size} coordinates.", nameof(directions));
        }

        for (int i = 0; i < size; i++)
        {
            if (coordinates[i] < 0 || (i > 0 && coordinates[i] <= coordinates[i - 1]))
            {
                throw new ArgumentException($"coordinates has {coordinates[i]} at {i}; ascending numbers are needed.", nameof(coordinates));
            }

            if (!(variances[i] > 0) || !double.IsFinite(variances[i]))
            {
                throw new ArgumentException($"variances has {variances[i]} at {i}; a positive number is needed.", nameof(variances));
            }

            for (int j = 0; j <= i; j++)
            {
                double product = 0;
                for (int k = 0; k < size; k++)
                {
                    product += directions[(i * size) + k] * directions[(j * size) + k];
                }

                if (!(Math.Abs(product - (i == j ? 1 : 0)) < LargestSkew))
                {
                    throw new ArgumentException(
                        $"directions {i} and {j} have the product {product}; orthonormal directions are needed.", nameof(directions));
                }
            }
        }

        Coordinates = [.. coordinates];
        Directions = [.. directions];
        Variances = [.. variances];
    }

    /// <summary>Numbers of the coordinates, ascending.</summary>
    public ImmutableArray<int> Coordinates { get; }

    /// <summary>Row-major <c>[m, m]</c>: row i is direction i.</summary>
    public ImmutableArray<double> Directions { get; }

    /// <summary>Variance along each direction.</summary>
    public ImmutableArray<double> Variances { get; }

    /// <summary>Number m of coordinates.</summary>
    public int Size => Coordinates.Length;

    /// <summary>A block of one coordinate.</summary>
    /// <param name="coordinate">The coordinate.</param>
    /// <param name="variance">Its variance.</param>
    public static EigenBlock OfOne(int coordinate, double variance) => new([coordinate], [1], [variance]);

    /// <summary>The block of a covariance matrix; variances below a floor are raised to it.</summary>
    /// <param name="coordinates">Numbers of the m coordinates, ascending.</param>
    /// <param name="covariance">Row-major <c>[m, m]</c>, symmetric.</param>
    /// <param name="floor">Smallest variance along any direction, positive.</param>
    public static EigenBlock FromCovariance(ReadOnlySpan<int> coordinates, ReadOnlySpan<double> covariance, double floor)
    {
        int size = coordinates.Length;
        if (size == 1)
        {
            return OfOne(coordinates[0], Math.Max(covariance[0], floor));
        }

        var eigen = Matrix<double>.Build.DenseOfRowMajor(size, size, covariance.ToArray()).Evd(Symmetricity.Symmetric);
        double[] variances = [.. eigen.EigenValues.Select(value => Math.Max(value.Real, floor))];

        // Column i of the eigenvectors is direction i: in column-major order that is row i here.
        return new EigenBlock(coordinates, eigen.EigenVectors.ToColumnMajorArray(), variances);
    }
}
