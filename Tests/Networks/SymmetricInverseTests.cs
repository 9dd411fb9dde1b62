using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Networks;

/// <summary>Inverses of covariances against a library's.</summary>
public sealed class SymmetricInverseTests
{
    [Test]
    public void The_inverse_is_that_of_a_library([Values(1, 2, 3, 7, 8, 33, 100)] int size, [Values(1e-3, 0.1, 10)] double damping)
    {
        // Fewer rows than columns: but for the damping the matrix is singular.
        float[] rows = new RandomData((ulong)size).Normal(((size / 2) + 1) * size);
        Matrix<double> factor = Matrix<double>.Build.DenseOfRowMajor((size / 2) + 1, size, rows.Select(value => (double)value));
        Matrix<double> moments = factor.TransposeThisAndMultiply(factor);
        Matrix<double> matrix = (moments * (size / moments.Trace())) + (damping * Matrix<double>.Build.DenseIdentity(size));
        double[] values = matrix.ToRowMajorArray();
        Assert.That(SymmetricInverse.TryInPlace(values, size), Is.True);

        // Roundoff times the condition number, at most size / damping, times the size of the inverse, at most 1 / damping.
        double tolerance = 1e-14 * (1 + (size / damping)) / damping;
        Assert.That(values, Is.EqualTo(matrix.Inverse().ToRowMajorArray()).Within(tolerance));
    }

    [TestCase(-1.0, 0.0, 1.0)]
    [TestCase(1.0, 2.0, 1.0)]
    [TestCase(double.NaN, 0.0, 1.0)]
    public void What_is_not_positive_definite_is_refused(double first, double between, double second) =>
        Assert.That(SymmetricInverse.TryInPlace([first, between, between, second], 2), Is.False);
}
