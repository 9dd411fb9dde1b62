using System.Runtime.CompilerServices;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>
/// The elementary functions of the CPU backend against float64, over the whole range of floats (every 499th bit pattern and all
/// special values), for every instruction set that this machine runs.
/// </summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.Kernels))]
internal sealed unsafe class VectorMathTests(CpuKernels kernels)
{
    private const int Lanes = CpuMatrix.PanelRows;
    private const int BitStep = 499;

    private static readonly float[] Special =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1.1754942e-38f, -1.1754942e-38f, 1.17549435e-38f, -1.17549435e-38f, 1f, -1f,
        float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, -86.99f, -87f, -87.01f, -103f, -104f,
        8191.99f, 8192f, 8192.01f, -8192f, MathF.PI / 4, MathF.PI / 2, MathF.PI, 1e-20f, -1e-20f,
    ];

    [Test]
    public void Elu_errs_by_at_most_1_5e_7_of_its_value() =>
        CheckActivation(Activation.Elu, 1, 1, 1.5e-7);

    [Test]
    public void Selu_errs_by_at_most_2e_7_of_its_value() =>
        CheckActivation(Activation.Selu, Selu.Scale, Selu.ScaleAlpha, 2e-7);

    [Test]
    public void Selu_derivative_from_the_output_is_rounded_twice_at_most()
    {
        float* values = stackalloc float[Lanes], slopes = stackalloc float[Lanes];
        foreach (float[] panel in Panels(value => !(value < -(float)Selu.ScaleAlpha)))
        {
            panel.CopyTo(new Span<float>(values, Lanes));
            new Span<float>(slopes, Lanes).Fill(1);
            kernels.MultiplyBySeluDerivative(slopes, values, 1);
            for (int i = 0; i < Lanes; i++)
            {
                double expected = values[i] > 0 ? Selu.Scale : values[i] + Selu.ScaleAlpha;
                Check(values[i], slopes[i], expected, 1.2e-7 * Selu.ScaleAlpha);
            }
        }
    }

    [Test]
    public void Sine_and_cosine_err_by_at_most_1_2e_7()
    {
        float* times = stackalloc float[Lanes], sine = stackalloc float[Lanes], cosine = stackalloc float[Lanes];
        foreach (float[] panel in Panels(_ => true))
        {
            panel.CopyTo(new Span<float>(times, Lanes));
            kernels.TimeFeature(times, 1, cosine, sine);
            for (int i = 0; i < Lanes; i++)
            {
                (double s, double c) = Math.SinCos((double)times[i]);
                Check(times[i], sine[i], s, 1.2e-7);
                Check(times[i], cosine[i], c, 1.2e-7);
            }
        }
    }

    [Test]
    public void Small_angles_keep_their_relative_accuracy()
    {
        float* times = stackalloc float[Lanes], sine = stackalloc float[Lanes], cosine = stackalloc float[Lanes];
        foreach (float[] panel in Panels(value => Math.Abs(value) < 1))
        {
            panel.CopyTo(new Span<float>(times, Lanes));
            kernels.TimeFeature(times, 1, cosine, sine);
            for (int i = 0; i < Lanes; i++)
            {
                Check(times[i], sine[i], Math.Sin(times[i]), (1.5e-7 * Math.Abs(times[i])) + float.Epsilon);
            }
        }
    }

    [Test]
    public void Normal_deviates_err_by_at_most_3e_7_of_their_radius()
    {
        uint[] edges = [0, 1, 2, 3, 0x1FFFFFFF, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xB504F333, 0xB504F334, 0xC0000000, 0xFFFFFFFE, 0xFFFFFFFF];
        var words = new List<(uint First, uint Second)>(edges.SelectMany(a => edges.Select(b => (a, b))));
        for (uint i = 0; i < 200_000; i++)
        {
            PhiloxBlock random = Philox.Block(5, RandomStream.Noise, i);
            words.Add((random.X0, random.X1));
            words.Add((random.X2 >> (int)(i % 32), random.X3));
            words.Add((~(random.X2 >> (int)(i % 32)), random.X3 >> (int)(i / 32 % 32)));
        }

        uint* first = stackalloc uint[Lanes], second = stackalloc uint[Lanes];
        float* one = stackalloc float[Lanes], two = stackalloc float[Lanes];
        for (int start = 0; start + Lanes <= words.Count; start += Lanes)
        {
            for (int i = 0; i < Lanes; i++)
            {
                (first[i], second[i]) = words[start + i];
            }

            kernels.Normals(first, second, one, two);
            for (int i = 0; i < Lanes; i++)
            {
                (double a, double b) = new PhiloxBlock(first[i], second[i], 0, 0).Normal01;
                double bound = 3e-7 * Math.Sqrt((a * a) + (b * b));
                Check(first[i], one[i], a, bound);
                Check(second[i], two[i], b, bound);
            }
        }
    }

    private static IEnumerable<float[]> Panels(Func<float, bool> accepts)
    {
        float[] panel = new float[Lanes];
        int filled = 0;
        IEnumerable<float> Sweep()
        {
            for (long bits = 0; bits < 1L << 32; bits += BitStep)
            {
                yield return Unsafe.BitCast<uint, float>((uint)bits);
            }
        }

        foreach (float value in Special.Concat(Sweep()))
        {
            if (accepts(value))
            {
                panel[filled++] = value;
                if (filled == Lanes)
                {
                    filled = 0;
                    yield return panel;
                }
            }
        }
    }

    private static void Check(float x, float actual, double expected, double bound)
    {
        bool agrees = double.IsNaN(expected) ? float.IsNaN(actual) : actual == (float)expected || Math.Abs(actual - expected) <= bound;
        if (!agrees)
        {
            Assert.Fail($"at {x:R}: {actual:R}, expected {expected:R}, error {Math.Abs(actual - expected):G3} above {bound:G3}");
        }
    }

    private void CheckActivation(Activation activation, double scale, double scaleAlpha, double relative)
    {
        float* values = stackalloc float[Lanes], results = stackalloc float[Lanes];
        float zero = 0;
        foreach (float[] panel in Panels(_ => true))
        {
            panel.CopyTo(new Span<float>(values, Lanes));
            panel.CopyTo(new Span<float>(results, Lanes));
            kernels.BiasActivation(results, &zero, 1, activation);
            for (int i = 0; i < Lanes; i++)
            {
                double x = values[i];
                double expected = x > 0 ? scale * x : scaleAlpha * ExpMinusOne(x);
                Check(values[i], results[i], expected, (relative * Math.Abs(expected)) + float.Epsilon);
            }
        }
    }

    private static double ExpMinusOne(double x) =>
        Math.Abs(x) > 1e-3 ? Math.Exp(x) - 1 : x * (1 + (x / 2 * (1 + (x / 3 * (1 + (x / 4))))));
}
