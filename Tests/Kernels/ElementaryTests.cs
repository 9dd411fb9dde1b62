using FlowRatio.Engine.Randomness;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Tests.Kernels;

/// <summary>The devices' elementary functions against the runtime's.</summary>
public sealed class ElementaryTests
{
    [Test]
    public void Logarithm_is_good_to_a_few_roundings()
    {
        for (int i = 0; i <= 4000; i++)
        {
            // From 2^-33, the smallest argument of Box and Muller, to 1; and close to 1, where the result is small.
            double wide = Math.Pow(2, -33.0 * i / 4000), close = 1 - (i * 1e-9);
            Assert.That(Elementary.Log(wide), Is.EqualTo(Math.Log(wide)).Within(4e-16 * Math.Max(1, -Math.Log(wide))));
            Assert.That(Elementary.Log(close), Is.EqualTo(Math.Log(close)).Within(1e-15 * -Math.Log(close)));
        }
    }

    [Test]
    public void Sine_and_cosine_are_good_to_a_few_roundings()
    {
        for (int i = -3000; i <= 3000; i++)
        {
            double x = i * 0.003;
            Assert.That(Elementary.Sin(x), Is.EqualTo(Math.Sin(x)).Within(1e-14));
            Assert.That(Elementary.Cos(x), Is.EqualTo(Math.Cos(x)).Within(1e-14));
        }
    }

    [Test]
    public void Exponential_minus_one_is_good_to_float_rounding_and_keeps_NaN()
    {
        for (int i = 0; i <= 8700; i++)
        {
            // e^x - 1 of the rounded argument in double precision; a few roundings relative to the result, also near zero.
            float x = -0.01f * i;
            double exact = x > -1e-3 ? x + (0.5 * x * x) : Math.Exp(x) - 1;
            Assert.That(Elementary.ExpMinusOneOfNonPositive(x), Is.EqualTo(exact).Within((2.5e-7 * Math.Abs(exact)) + 1e-30));
        }

        Assert.That(Elementary.ExponentialUnit(float.NaN, 1, 1), Is.NaN);
    }

    [Test]
    public void Exponential_is_good_to_a_few_roundings()
    {
        for (int i = 0; i <= 8000; i++)
        {
            double x = -0.1 * i;
            double exact = x < -700 ? 0 : Math.Exp(x);
            Assert.That(Elementary.ExpOfNonPositive(x), Is.EqualTo(exact).Within(1e-15 * exact), $"e^{x}");
        }

        for (double x = -1; x >= -50; x *= 1.0007)
        {
            Assert.That(Elementary.Log(Math.Exp(-x)), Is.EqualTo(-x).Within(1e-13), "logarithms of numbers above one");
        }
    }

    [Test]
    public void Deviates_are_those_of_the_host()
    {
        for (uint i = 0; i < 2000; i++)
        {
            PhiloxBlock block = Philox.Block(5, RandomStream.Data, i);
            for (int k = 0; k < 4; k++)
            {
                Assert.That(NormalDeviates.Of(block, k), Is.EqualTo(block.Normal(k)).Within(1e-12));
            }
        }
    }
}
