using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowRatio.Training.BaseFlows;

/// <summary>Mean and covariance of some rows, in float64 and in the order of the rows.</summary>
/// <param name="Count">Number n of rows.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Covariance">Mean of the products of deviations (divided by n), row-major <c>[d, d]</c>.</param>
internal sealed record RowMoments(double Count, double[] Mean, double[] Covariance)
{
    public int Dimension => Mean.Length;

    /// <summary>Moments of rows of a table.</summary>
    /// <param name="points">Row-major <c>[all rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="rows">Row numbers.</param>
    public static RowMoments Of(ReadOnlySpan<float> points, int dimension, ReadOnlySpan<int> rows)
    {
        double[] mean = new double[dimension];
        foreach (int r in rows)
        {
            for (int j = 0; j < dimension; j++)
            {
                mean[j] += points[(r * dimension) + j];
            }
        }

        for (int j = 0; j < dimension; j++)
        {
            mean[j] /= rows.Length;
        }

        // Padded to whole vectors: the inner loop runs over the columns of one row of the lower triangle.
        int stride = (dimension + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        double[] sums = new double[dimension * stride];
        double[] deviation = new double[stride];
        foreach (int r in rows)
        {
            for (int j = 0; j < dimension; j++)
            {
                deviation[j] = points[(r * dimension) + j] - mean[j];
            }

            AddOuterProduct(deviation, 1, dimension, stride, sums);
        }

        return new RowMoments(rows.Length, mean, Unpack(sums, dimension, stride, 1.0 / rows.Length));
    }

    /// <summary>Covariance within several groups: their covariances weighted by their rows.</summary>
    public static RowMoments Within(IReadOnlyList<RowMoments> groups)
    {
        int dimension = groups[0].Dimension;
        double count = groups.Sum(group => group.Count);
        double[] covariance = new double[dimension * dimension];
        foreach (RowMoments group in groups)
        {
            for (int i = 0; i < covariance.Length; i++)
            {
                covariance[i] += group.Count / count * group.Covariance[i];
            }
        }

        return new RowMoments(count, new double[dimension], covariance);
    }

    /// <summary>sums[i][j] += weight v_i v_j for j up to i (and some beyond, which nobody reads).</summary>
    public static void AddOuterProduct(double[] vector, double weight, int dimension, int stride, double[] sums)
    {
        ReadOnlySpan<Vector<double>> columns = MemoryMarshal.Cast<double, Vector<double>>(vector);
        Span<Vector<double>> all = MemoryMarshal.Cast<double, Vector<double>>(sums.AsSpan());
        int vectors = stride / Vector<double>.Count;
        for (int i = 0; i < dimension; i++)
        {
            var factor = new Vector<double>(weight * vector[i]);
            Span<Vector<double>> row = all.Slice(i * vectors, (i / Vector<double>.Count) + 1);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] += factor * columns[j];
            }
        }
    }

    /// <summary>The symmetric matrix of such sums, times a factor.</summary>
    public static double[] Unpack(double[] sums, int dimension, int stride, double factor)
    {
        double[] matrix = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = factor * sums[(i * stride) + j];
                matrix[(i * dimension) + j] = value;
                matrix[(j * dimension) + i] = value;
            }
        }

        return matrix;
    }
}
