using FlowRatio.Reports.Charts;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Reports;

/// <summary>Densities of samples.</summary>
public sealed class KernelDensityTests
{
    [Test]
    public void One_value_has_the_density_of_its_kernel()
    {
        double[] sample = [2];
        double width = KernelDensity.Bandwidth(sample);
        foreach ((double x, double density) in KernelDensity.At(sample, 2 - (3 * width), 2 + (3 * width), 7))
        {
            double expected = Math.Exp(-0.5 * Math.Pow((x - 2) / width, 2)) / (width * Math.Sqrt(2 * Math.PI));
            Assert.That(density, Is.EqualTo(expected).Within(1e-9 * expected));
        }
    }

    [Test]
    public void Has_the_integral_one_and_nears_the_true_density()
    {
        double[] sample = [.. new RandomData(31).Normal(20_000).Select(value => (double)value).Order()];
        (double X, double Density)[] curve = KernelDensity.At(sample, -8, 8, 801);
        Assert.That(curve.Sum(point => point.Density) * 0.02, Is.EqualTo(1).Within(1e-5), "kernels are cut at five bandwidths");
        foreach ((double x, double density) in curve)
        {
            // Bias h^2 p'' / 2 below 0.003 and a standard deviation below 0.006 with the bandwidth of 0.12; five deviations.
            Assert.That(density, Is.EqualTo(Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI)).Within(0.033));
        }
    }

    [Test]
    public void Bandwidth_is_Silvermans()
    {
        double[] sample = [0, 1, 2, 3, 4];

        // Standard deviation sqrt(2.5), quartiles 1 and 3.
        Assert.That(KernelDensity.Bandwidth(sample), Is.EqualTo(0.9 * (2 / 1.34) * Math.Pow(5, -0.2)).Within(1e-12));
        Assert.That(KernelDensity.Bandwidth([7, 7, 7]), Is.Positive);
    }
}
