using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>The affine map of each coordinate.</summary>
public sealed class StandardizationTests
{
    [Test]
    public void Fitted_map_gives_mean_zero_and_variance_one()
    {
        const int Rows = 400;
        float[] points = new RandomData(51).Normal(Rows * 3);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = (points[i] * (1 + (10 * (i % 3)))) + (100 * (i % 3));
        }

        var map = Standardization.Fit(points, 3);
        float[] result = new float[points.Length];
        map.Apply(points, result);
        for (int j = 0; j < 3; j++)
        {
            double[] column = [.. Enumerable.Range(0, Rows).Select(r => (double)result[(r * 3) + j])];

            // Data near 200 with a spread near 20 are rounded by 200 2^-24, about 1e-6 of the spread.
            Assert.That(column.Average(), Is.Zero.Within(1e-6));
            Assert.That(column.Average(value => value * value), Is.EqualTo(1).Within(4e-6));
        }
    }

    [TestCase(30)]
    [TestCase(2000)]
    public void One_far_row_does_not_decide_the_scale_of_the_others(int rows)
    {
        float[] points = new RandomData(52).Normal(rows);
        var clean = Standardization.Fit<float>(points, 1);
        points[3] = 1e6f;
        var map = Standardization.Fit<float>(points, 1);
        Assert.That(map.Scale[0], Is.LessThan(Math.Sqrt(1 + (500.0 / rows)) * clean.Scale[0]), "as if it were twenty deviations away");
        Assert.That(map.Mean[0], Is.EqualTo(clean.Mean[0]).Within(30.0 / rows));
    }

    [Test]
    public void A_group_of_rows_counts_as_it_is()
    {
        // A rare condition far from the others is no error: one row of a hundred, fifty deviations away; only its own outer half is drawn in.
        float[] points = [.. new RandomData(53).Normal(3000).Select((z, i) => i % 100 == 0 ? z + 50 : z)];
        var map = Standardization.Fit<float>(points, 1);
        double mean = points.Average(value => (double)value);
        Assert.That(map.Scale[0], Is.EqualTo(Math.Sqrt(points.Average(value => Math.Pow(value - mean, 2)))).Within(2).Percent);
    }

    [Test]
    public void Columns_with_few_different_values_keep_their_deviation()
    {
        float[] Column(Func<int, float> value) => [.. Enumerable.Range(0, 2000).Select(value)];
        foreach (float[] points in (float[][])[Column(i => i % 2), Column(i => i % 1000 == 0 ? 1 : 0), Column(i => i % 20 == 0 ? i % 7 : 0)])
        {
            double mean = points.Average(value => (double)value);
            Assert.That(
                Standardization.Fit<float>(points, 1).Scale[0],
                Is.EqualTo(Math.Sqrt(points.Average(value => Math.Pow(value - mean, 2)))).Within(1e-9));
        }
    }

    [Test]
    public void A_large_offset_costs_no_digits()
    {
        double[] points = [.. new RandomData(54).Normal(1000).Select(z => 1e7 + z)];
        float[] expected = new float[1000], actual = new float[1000];
        double[] centered = [.. points.Select(value => value - 1e7)];
        Standardization.Fit<double>(centered, 1).Apply<double>(centered, expected);
        Standardization.Fit<double>(points, 1).Apply<double>(points, actual);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_constant_coordinate_has_scale_one()
    {
        // 0.1f in binary is not 0.1: its mean over any number of rows must still be itself, or the scale would be a rounding error.
        float[] points = [.. Enumerable.Repeat(0.1f, 1000)];
        var map = Standardization.Fit(points, 1);
        Assert.That(map.Mean[0], Is.EqualTo(0.1f));
        Assert.That(map.Scale[0], Is.EqualTo(1));
        var single = Standardization.Fit([3, 4], 2);
        Assert.That(single.Scale.ToArray(), Is.EqualTo(new[] { 1f, 1f }), "one row");
    }

    [Test]
    public void Applies_the_map_coordinate_by_coordinate()
    {
        var map = new Standardization([1, -2], [2, 0.5f]);
        float[] result = new float[4];
        map.Apply([1, -2, 5, -1], result);
        Assert.That(result, Is.EqualTo(new float[] { 0, 0, 2, 2 }));
    }

    [Test]
    public void Log_jacobian_is_the_logarithm_of_the_volume_factor()
    {
        // y = x / scale shrinks volumes by the product of the scales.
        var map = new Standardization([0, 0, 0], [2, 4, 0.5f]);
        Assert.That(map.LogJacobian, Is.EqualTo(-Math.Log(2 * 4 * 0.5)).Within(1e-15));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_scale_that_is_not_positive_is_named_with_its_value(float scale)
    {
        ArgumentOutOfRangeException exception =
            Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Standardization([0, 0], [1, scale]))!;
        Assert.That(exception.ParamName, Is.EqualTo("scale"));
        Assert.That(exception.Message, Does.Contain($"{scale}"));
    }

    [Test]
    public void As_many_scales_as_means_are_needed()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => _ = new Standardization([0, 0], [1]))!;
        Assert.That(exception.Message, Does.Contain("2 means").And.Contain("1 scales"));
    }

    [Test]
    public void Rows_and_a_dimension_are_needed()
    {
        Assert.Throws<ArgumentException>(() => Standardization.Fit<float>([], 2));
        Assert.Throws<ArgumentException>(() => Standardization.Fit([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Standardization.Fit([1, 2], 0));
    }

    [Test]
    public void Lengths_that_do_not_fit_are_named()
    {
        var map = new Standardization([1, -2], [2, 0.5f]);
        AssertNamed("result", "3 values", () => map.Apply([1, 2, 3, 4], new float[3]));
        AssertNamed("result", "5 values", () => map.Apply([1, 2, 3, 4], new float[5]));
        AssertNamed("points", "3 values", () => map.Apply([1, 2, 3], new float[3]));
        AssertNamed("points", "3 values", () => map.Invert(new float[3], new float[3]));
        AssertNamed("mean", "0 values", () => _ = new Standardization([], []));

        static void AssertNamed(string name, string value, TestDelegate call)
        {
            ArgumentException exception = Assert.Throws<ArgumentException>(call)!;
            Assert.That(exception.ParamName, Is.EqualTo(name));
            Assert.That(exception.Message, Does.Contain(name).And.Contain(value));
        }
    }
}
