using FlowRatio.Engine.Estimation;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Log-densities in other units.</summary>
public sealed class LogDensityEstimatorTests
{
    [Test]
    public void Bits_per_dimension_count_halvings_of_the_density_in_each_coordinate()
    {
        const int Dimension = 4;
        using var estimator = new LogDensityEstimator(SmallModel.Create(Dimension));
        Assert.Multiple(() =>
        {
            // Uniform on a cube of side 8: three bits for each coordinate at unit precision; of side 1/2: one bit less than none.
            Assert.That(estimator.BitsPerDimension(Dimension * Math.Log(1.0 / 8)), Is.EqualTo(3).Within(1e-15));
            Assert.That(estimator.BitsPerDimension(Dimension * Math.Log(2)), Is.EqualTo(-1).Within(1e-15));
            Assert.That(estimator.BitsPerDimension(0), Is.Zero);
        });
    }
}
