using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;
using MathNet.Numerics.Distributions;

namespace FlowRatio.Tests.Randomness;

/// <summary>Uniform and normal deviates: ranges at the extreme words, moments, whole distributions.</summary>
public sealed class PhiloxBlockTests
{
    private const int Count = 200_000;
    private const uint Ones = 0xFFFF_FFFF;

    // Kolmogorov's asymptotic critical value at level 1e-6: sqrt(-ln(1e-6 / 2) / 2) / sqrt(n) = 2.69 / sqrt(n).
    private static readonly double CriticalDistance = 2.69 / Math.Sqrt(Count);

    private static readonly double[] Uniforms = [.. Draw(block => [block.Uniform01])];

    private static readonly double[] Normals =
        [.. Draw(block => [block.Normal(0), block.Normal(1), block.Normal(2), block.Normal(3)])];

    [Test]
    public void Uniform_extremes_lie_in_the_half_open_interval()
    {
        var smallest = new PhiloxBlock(0, 0, 0, 0);
        var largest = new PhiloxBlock(Ones, Ones, Ones, Ones);
        Assert.Multiple(() =>
        {
            Assert.That(smallest.Uniform01, Is.Zero);
            Assert.That(largest.Uniform01, Is.EqualTo(Math.BitDecrement(1.0)));
        });
    }

    [Test]
    public void Normal_extremes_are_finite()
    {
        // Largest radius sqrt(-2 ln 2^-33) = 6.764, reached at word 0 whatever the angle.
        (double first, double second) = new PhiloxBlock(0, 0, 0, 0).Normal01;
        Assert.That(Math.Sqrt((first * first) + (second * second)), Is.EqualTo(6.7637).Within(1e-4));
        (first, second) = new PhiloxBlock(0, 0, Ones, Ones).Normal23;
        Assert.That(Math.Sqrt((first * first) + (second * second)), Is.EqualTo(Math.Sqrt(Math.Pow(2, -32))).Within(1e-9));
    }

    [Test]
    public void A_uniform_comes_from_the_first_two_words() =>
        Assert.That(new PhiloxBlock(0x8000_0000, 0, 0x4000_0000, 0).Uniform01, Is.EqualTo(0.5));

    [Test]
    public void Uniform_moments()
    {
        (double mean, double variance, double error) = Statistics.Moments(Uniforms);
        Assert.Multiple(() =>
        {
            Assert.That(Uniforms, Is.All.InRange(0.0, Math.BitDecrement(1.0)));
            Assert.That(mean, Is.EqualTo(0.5).Within(Statistics.Limit * error));

            // Variance 1/12; its estimate has variance (1/80 - 1/144) / n.
            Assert.That(
                variance, Is.EqualTo(1.0 / 12).Within(Statistics.Limit * Math.Sqrt(((1.0 / 80) - (1.0 / 144)) / Count)));
        });
    }

    [TestCase(1)]
    [TestCase(1024)]
    public void Uniform_cells_are_equally_full(int multiplier)
    {
        // A hundred cells of the leading digits, then of digits some ten bits further down.
        int[] counts = new int[100];
        foreach (double value in Uniforms)
        {
            counts[(int)(value * multiplier % 1 * counts.Length)]++;
        }

        Assert.That(Statistics.ChiSquareExcess(counts), Is.Zero.Within(Statistics.Limit));
    }

    [Test]
    public void Uniforms_follow_the_uniform_distribution() =>
        Assert.That(Statistics.KolmogorovDistance(Uniforms, value => value), Is.LessThan(CriticalDistance));

    // E[z^k] = 0, 1, 0, 3; the variance of z^k is E[z^2k] - E[z^k]^2 = 1, 2, 15, 96.
    [TestCase(1, 0, 1)]
    [TestCase(2, 1, 2)]
    [TestCase(3, 0, 15)]
    [TestCase(4, 3, 96)]
    public void Normal_moment(int power, double expected, double variance)
    {
        double moment = Normals.Average(value => Math.Pow(value, power));
        Assert.That(moment, Is.EqualTo(expected).Within(Statistics.Limit * Math.Sqrt(variance / Count)));
    }

    [Test]
    public void Normals_follow_the_normal_distribution()
    {
        Assert.That(
            Statistics.KolmogorovDistance(Normals, value => Normal.CDF(0, 1, value)), Is.LessThan(CriticalDistance));
    }

    [TestCase(0, 1)]
    [TestCase(0, 2)]
    [TestCase(0, 3)]
    [TestCase(1, 2)]
    [TestCase(1, 3)]
    [TestCase(2, 3)]
    public void Normals_of_one_block_are_uncorrelated(int first, int second)
    {
        int blocks = Count / 4;
        double product = Enumerable.Range(0, blocks).Average(i => Normals[(4 * i) + first] * Normals[(4 * i) + second]);
        Assert.That(product, Is.Zero.Within(Statistics.Limit / Math.Sqrt(blocks)));
    }

    private static IEnumerable<double> Draw(Func<PhiloxBlock, double[]> deviates) =>
        Enumerable.Range(0, Count).SelectMany(i => deviates(Philox.Block(2024, RandomStream.Data, (uint)i))).Take(Count);
}
