using FlowRatio.Engine.Randomness;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace FlowRatio.Engine.Models;

/// <summary>
/// The largest eigenvalues of a symmetric matrix that is not negative, and their eigenvectors: all of them by MathNet for small
/// matrices, the leading ones by Lanczos steps with full reorthogonalisation for large ones (Parlett, "The symmetric eigenvalue problem", 13).
/// </summary>
internal static class LeadingEigenvectors
{
    // Below this all eigenvectors take a second or two.
    private const int LargestDense = 500;

    // Ritz vectors are exact to the rounding of the matrix; the bound is that of their residual beside the largest eigenvalue.
    private const double Tolerance = 1e-12;
    private const double Breakdown = 1e-14;

    /// <summary>Finds them.</summary>
    /// <param name="matrix">Row-major <c>[n, n]</c>, symmetric.</param>
    /// <param name="size">n.</param>
    /// <param name="count">How many, k.</param>
    /// <param name="threads">Most threads of the steps; 0 takes one per processor.</param>
    /// <returns>Eigenvalues, falling, and eigenvectors <c>[k, n]</c>; in each the entry of largest magnitude is positive.</returns>
    public static (double[] Values, double[] Vectors) Of(double[] matrix, int size, int count, int threads)
    {
        if (size <= LargestDense || 4L * count > size)
        {
            return Dense(matrix, size, count);
        }

        (double[] values, double[] vectors, _) = Lanczos(matrix, size, count, threads);
        return (values, vectors);
    }

    /// <summary>By all eigenvectors.</summary>
    internal static (double[] Values, double[] Vectors) Dense(double[] matrix, int size, int count)
    {
        Evd<double> all = Matrix<double>.Build.Dense(size, size, (double[])matrix.Clone()).Evd(Symmetricity.Symmetric);
        double[] values = new double[count], vectors = new double[count * size];
        for (int k = 0; k < count; k++)
        {
            // They come in rising order.
            int column = size - 1 - k;
            values[k] = all.EigenValues[column].Real;
            for (int j = 0; j < size; j++)
            {
                vectors[(k * size) + j] = all.EigenVectors[j, column];
            }

            OrientRow(vectors.AsSpan(k * size, size));
        }

        return (values, vectors);
    }

    /// <summary>By Lanczos steps; how many were taken is returned too.</summary>
    internal static (double[] Values, double[] Vectors, int Steps) Lanczos(double[] matrix, int size, int count, int threads = 0)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
        double trace = Enumerable.Range(0, size).Sum(i => matrix[(i * size) + i]);
        List<double[]> basis = [Start(size, 0)];
        List<double> diagonal = [], offDiagonal = [];
        double[] next = new double[size];
        for (int step = 0; ; step++)
        {
            Multiply(matrix, basis[step], next, parallel);
            diagonal.Add(PrincipalComponents.Dot(basis[step], next));
            double norm = Orthogonalize(next, basis);
            double scale = Math.Abs(diagonal.Max(Math.Abs));
            bool isWhole = step + 1 == size;
            bool isInvariant = norm <= Breakdown * scale;

            // An invariant space says nothing of the eigenvalues outside it. None is negative, so together they are what is left of the trace: where
            // that is nothing, as past the rank of the matrix, all that are larger than zero have been found.
            bool isComplete = isWhole || (isInvariant && step + 1 >= count && trace - diagonal.Sum() <= Tolerance * trace);

            // The small eigenproblem costs as much as several steps, so it is looked at now and then.
            bool isLookedAt = !isInvariant && step + 1 >= 2 * count && (step + 1) % Math.Max(10, count / 2) == 0;
            if (isComplete || isLookedAt)
            {
                Evd<double> small = Tridiagonal(diagonal, offDiagonal).Evd(Symmetricity.Symmetric);
                double largest = small.EigenValues[step].Real;
                if (isComplete || Enumerable.Range(0, count).All(k => norm * Math.Abs(small.EigenVectors[step, step - k]) <= Tolerance * largest))
                {
                    (double[] values, double[] vectors) = Combine(basis, small, count);
                    return (values, vectors, step + 1);
                }
            }

            if (isInvariant)
            {
                // The steps so far span all that the start vector reaches; go on with another.
                next = Start(size, (uint)(step + 1));
                norm = Orthogonalize(next, basis);
                offDiagonal.Add(0);
            }
            else
            {
                offDiagonal.Add(norm);
            }

            basis.Add([.. next.Select(value => value / norm)]);
        }
    }

    private static Matrix<double> Tridiagonal(List<double> diagonal, List<double> offDiagonal)
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(diagonal.Count, diagonal.Count);
        for (int i = 0; i < diagonal.Count; i++)
        {
            matrix[i, i] = diagonal[i];
            if (i + 1 < diagonal.Count)
            {
                matrix[i, i + 1] = offDiagonal[i];
                matrix[i + 1, i] = offDiagonal[i];
            }
        }

        return matrix;
    }

    private static (double[] Values, double[] Vectors) Combine(List<double[]> basis, Evd<double> small, int count)
    {
        int size = basis[0].Length, steps = small.EigenValues.Count;
        double[] values = new double[count], vectors = new double[count * size];
        for (int k = 0; k < count; k++)
        {
            values[k] = small.EigenValues[steps - 1 - k].Real;
            Span<double> vector = vectors.AsSpan(k * size, size);
            for (int s = 0; s < steps; s++)
            {
                double weight = small.EigenVectors[s, steps - 1 - k];
                for (int j = 0; j < size; j++)
                {
                    vector[j] += weight * basis[s][j];
                }
            }

            OrientRow(vector);
        }

        return (values, vectors);
    }

    private static double[] Start(int size, uint number)
    {
        double[] start = [.. Enumerable.Range(0, size).Select(i => Philox.Block(0, RandomStream.Data, (uint)i, number).Normal(0))];
        double norm = Math.Sqrt(PrincipalComponents.Dot(start, start));
        return [.. start.Select(value => value / norm)];
    }

    /// <summary>Takes away what lies in the basis, twice, and returns the length of the rest.</summary>
    private static double Orthogonalize(double[] vector, List<double[]> basis)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] direction in basis)
            {
                double share = PrincipalComponents.Dot(vector, direction);
                for (int j = 0; j < vector.Length; j++)
                {
                    vector[j] -= share * direction[j];
                }
            }
        }

        return Math.Sqrt(PrincipalComponents.Dot(vector, vector));
    }

    private static void Multiply(double[] matrix, double[] vector, double[] result, ParallelOptions parallel) => Parallel.For(
        0, vector.Length, parallel, i => result[i] = PrincipalComponents.Dot(matrix.AsSpan(i * vector.Length, vector.Length), vector));

    private static void OrientRow(Span<double> vector)
    {
        int largest = 0;
        for (int j = 1; j < vector.Length; j++)
        {
            largest = Math.Abs(vector[j]) > Math.Abs(vector[largest]) ? j : largest;
        }

        if (vector[largest] < 0)
        {
            foreach (ref double value in vector)
            {
                value = -value;
            }
        }
    }
}
