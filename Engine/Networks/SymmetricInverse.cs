using System.Numerics;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// Inverse of a symmetric positive definite matrix by Gauss-Jordan elimination, which needs no pivots there. Row by row and in vectors it takes a fifth of the
/// time of a library's managed Cholesky solve against the identity, and training waits for it.
/// </summary>
internal static class SymmetricInverse
{
    /// <summary>Replaces a matrix by its inverse.</summary>
    /// <param name="values">Row-major <c>[size, size]</c>.</param>
    /// <param name="size">Rows and columns.</param>
    /// <returns>False where the matrix is not positive definite; what is left of it then is of no use.</returns>
    public static bool TryInPlace(Span<double> values, int size)
    {
        for (int k = 0; k < size; k++)
        {
            Span<double> pivotRow = values.Slice(k * size, size);
            if (!(pivotRow[k] > 0))
            {
                return false;
            }

            double inverse = 1 / pivotRow[k];
            for (int i = 0; i < size; i++)
            {
                if (i != k)
                {
                    Span<double> row = values.Slice(i * size, size);
                    double factor = row[k] * inverse;
                    row[k] = 0;
                    Subtract(row, factor, pivotRow);
                    row[k] = -factor;
                }
            }

            foreach (ref double value in pivotRow)
            {
                value *= inverse;
            }

            pivotRow[k] = inverse;
        }

        return true;
    }

    /// <summary>row -= factor other.</summary>
    private static void Subtract(Span<double> row, double factor, ReadOnlySpan<double> other)
    {
        var factors = new Vector<double>(factor);
        int j = 0;
        for (; j <= row.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            (new Vector<double>(row[j..]) - (factors * new Vector<double>(other[j..]))).CopyTo(row[j..]);
        }

        for (; j < row.Length; j++)
        {
            row[j] -= factor * other[j];
        }
    }
}
