using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Applications;

/// <summary>The first two principal components of standardised coordinates: where cells lie in pictures if no embedding is given.</summary>
public static class PrincipalPlane
{
    /// <summary>Projects points; a single coordinate is drawn against zero.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    public static CellEmbedding Of(float[] points, int dimension)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int rows = points.Length / dimension;
        float[] scaled = new float[points.Length];
        Engine.Models.Standardization.Fit(points, dimension).Apply(points, scaled);
        double[,] covariance = new double[dimension, dimension];
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    covariance[i, j] += (double)scaled[(r * dimension) + i] * scaled[(r * dimension) + j] / rows;
                    covariance[j, i] = covariance[i, j];
                }
            }
        }

        Matrix<double> vectors = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric).EigenVectors;
        float[] plane = new float[2 * rows];
        for (int component = 0; component < Math.Min(2, dimension); component++)
        {
            double[] axis = vectors.Column(dimension - 1 - component).ToArray();

            // The sign of an eigenvector is arbitrary; its largest entry shall be positive.
            int largest = Enumerable.Range(0, dimension).MaxBy(j => Math.Abs(axis[j]));
            double sign = Math.Sign(axis[largest]);
            for (int r = 0; r < rows; r++)
            {
                double sum = 0;
                for (int j = 0; j < dimension; j++)
                {
                    sum += axis[j] * scaled[(r * dimension) + j];
                }

                plane[(2 * r) + component] = (float)(sign * sum);
            }
        }

        return new CellEmbedding("PC 1", "PC 2", plane);
    }
}
