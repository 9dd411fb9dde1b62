using System.Text.Json;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>Principal components against numpy's singular value decomposition, and their invariants.</summary>
public sealed class PrincipalComponentsTests
{
    [Test]
    public void Agree_with_numpy()
    {
        JsonElement golden = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(TableFixture.PathOf("pca.json")));
        int rows = golden.GetProperty("rows").GetInt32(), dimension = golden.GetProperty("dimension").GetInt32();
        float[] points = Array.ConvertAll(Numbers(golden, "points"), value => (float)value);
        PrincipalComponents all = PrincipalComponentsFit.Fit(points, dimension, dimension), three = PrincipalComponentsFit.Fit(points, dimension, 3);

        // The result is rounded to float32; the mean is up to 100.
        Assert.That(all.Mean.ToArray(), Is.EqualTo(Numbers(golden, "mean")).Within(1e-5));
        Assert.That(all.Components.ToArray(), Is.EqualTo(Numbers(golden, "components")).Within(1e-6));
        double[] variance = Numbers(golden, "explained_variance");
        Assert.That(all.ExplainedVariance.ToArray(), Is.EqualTo(variance).Within(1e-9 * variance[0]));
        Assert.That(all.TotalVariance, Is.EqualTo(variance.Sum()).Within(1e-12).Percent);
        float[] projected = new float[rows * 3];
        three.Apply(points, projected);
        Assert.That(projected, Is.EqualTo(Numbers(golden, "projected")).Within(2e-5));
    }

    [Test]
    public void Points_in_any_blocks_give_the_same_components()
    {
        float[] points = new RandomData(3).Normal(300 * 7);
        PrincipalComponents whole = PrincipalComponentsFit.Fit(points, 7, 4);
        var fit = new PrincipalComponentsFit(7);
        foreach (float[] block in points.Chunk(7 * 64))
        {
            fit.Add(block);
        }

        Assert.That(fit.Count, Is.EqualTo(300));
        Assert.That(fit.Fit(4).Components.ToArray(), Is.EqualTo(whole.Components.ToArray()), "the blocks of the fit itself: the same bits");
        var single = new PrincipalComponentsFit(7);
        foreach (float[] row in points.Chunk(7))
        {
            single.Add(row);
        }

        // Other blocks shift by another row's value: the same up to rounding.
        Assert.That(single.Fit(4).Components.ToArray(), Is.EqualTo(whole.Components.ToArray()).Within(1e-6));
    }

    [Test]
    public void A_large_offset_does_not_cancel()
    {
        float[] points = [.. new RandomData(4).Normal(200 * 3).Select((value, i) => 4096 + (MathF.Round(value * 64) / 64 * (3 - (i % 3))))];
        float[] near = [.. points.Select(value => value - 4096)];
        PrincipalComponents far = PrincipalComponentsFit.Fit(points, 3, 3), origin = PrincipalComponentsFit.Fit(near, 3, 3);
        Assert.That(far.ExplainedVariance.ToArray(), Is.EqualTo(origin.ExplainedVariance.ToArray()).Within(1e-10));
    }

    [Test]
    public void Projections_are_uncorrelated_with_the_stated_variances()
    {
        float[] points = new RandomData(5).Normal(500 * 6);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] *= 1 + (i % 6);
        }

        PrincipalComponents map = PrincipalComponentsFit.Fit(points, 6, 6);
        float[] projected = new float[points.Length];
        map.Apply(points, projected);
        for (int k = 0; k < 6; k++)
        {
            for (int l = 0; l <= k; l++)
            {
                double covariance = Enumerable.Range(0, 500).Sum(r => (double)projected[(r * 6) + k] * projected[(r * 6) + l]) / 499;
                Assert.That(covariance, Is.EqualTo(k == l ? map.ExplainedVariance[k] : 0).Within(2e-5));
            }
        }
    }

    [Test]
    public void The_leading_eigenvectors_by_steps_are_those_of_all()
    {
        const int Size = 120;
        float[] factors = new RandomData(6).Normal(Size * Size);
        double[] matrix = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                matrix[(i * Size) + j] = Enumerable.Range(0, Size).Sum(k => (double)factors[(i * Size) + k] * factors[(j * Size) + k] / (1 + k));
            }
        }

        (double[] values, double[] vectors, _) = LeadingEigenvectors.Lanczos(matrix, Size, 8);
        (double[] expectedValues, double[] expectedVectors) = LeadingEigenvectors.Dense(matrix, Size, 8);
        Assert.That(values, Is.EqualTo(expectedValues).Within(1e-12 * expectedValues[0]));
        Assert.That(vectors, Is.EqualTo(expectedVectors).Within(1e-9));
    }

    [Test]
    public void Steps_go_on_where_a_start_vector_reaches_no_further()
    {
        // A projection onto three axes: two different eigenvalues, so Lanczos alone would stop after two steps.
        const int Size = 40;
        double[] matrix = new double[Size * Size];
        for (int i = 0; i < 3; i++)
        {
            matrix[(i * Size) + i] = 2;
        }

        (double[] values, double[] vectors, _) = LeadingEigenvectors.Lanczos(matrix, Size, 4);
        Assert.That(values, Is.EqualTo(new double[] { 2, 2, 2, 0 }).Within(1e-12));
        Assert.That(vectors.Chunk(Size).Take(3).Select(v => (v[0] * v[0]) + (v[1] * v[1]) + (v[2] * v[2])), Is.All.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void A_wide_table_of_low_rank_takes_few_steps([Values(3, 12)] int rank)
    {
        // Past the rank every step is a breakdown; 600 coordinates would have 600 of them.
        const int Size = 600, Count = 10;
        float[] factors = new RandomData(9).Normal(Size * rank);
        double[] matrix = new double[Size * Size], gram = new double[rank * rank];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                matrix[(i * Size) + j] = Enumerable.Range(0, rank).Sum(k => (double)factors[(i * rank) + k] * factors[(j * rank) + k]);
            }

            for (int k = 0; k < rank * rank; k++)
            {
                gram[k] += (double)factors[(i * rank) + (k / rank)] * factors[(i * rank) + (k % rank)];
            }
        }

        (double[] values, double[] vectors, int steps) = LeadingEigenvectors.Lanczos(matrix, Size, Count);
        Assert.That(steps, Is.LessThanOrEqualTo(2 * Count));

        // F F^T and F^T F have the same eigenvalues but for zeros.
        (double[] expected, _) = LeadingEigenvectors.Dense(gram, rank, Math.Min(rank, Count));
        Assert.That(values, Is.EqualTo(expected.Concat(new double[Count - expected.Length])).Within(1e-12 * expected[0]));
        for (int k = 0; k < Count; k++)
        {
            double[] vector = vectors[(k * Size)..((k + 1) * Size)];
            Assert.That(vector.Sum(value => value * value), Is.EqualTo(1).Within(1e-12));
            double[] image = [.. matrix.Chunk(Size).Select(row => row.Zip(vector, (a, b) => a * b).Sum())];
            Assert.That(image, Is.EqualTo(vector.Select(value => values[k] * value)).Within(1e-11 * expected[0]));
        }
    }

    [Test]
    public void A_matrix_of_zeros_has_zeros_after_as_many_steps()
    {
        (double[] values, double[] vectors, int steps) = LeadingEigenvectors.Lanczos(new double[60 * 60], 60, 4);
        Assert.That(steps, Is.EqualTo(4));
        Assert.That(values, Is.All.Zero);
        Assert.That(vectors.Chunk(60).Select(vector => vector.Sum(value => value * value)), Is.All.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        // Wide enough for steps, which are shared out too.
        const int Dimension = 520;
        float[] points = new RandomData(10).Normal(90 * Dimension);
        PrincipalComponents alone = PrincipalComponentsFit.Fit(points, Dimension, 5, threads: 1);
        foreach (int threads in (int[])[0, 2, 3])
        {
            PrincipalComponents shared = PrincipalComponentsFit.Fit(points, Dimension, 5, threads);
            Assert.That(shared.Components.ToArray(), Is.EqualTo(alone.Components.ToArray()), $"{threads} threads");
            Assert.That(shared.ExplainedVariance.ToArray(), Is.EqualTo(alone.ExplainedVariance.ToArray()), $"{threads} threads");
        }

        Assert.That(
            () => new PrincipalComponentsFit(2, -1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("threads").And.Message.Contains("-1"));
    }

    [Test]
    public void Constant_columns_are_no_trouble()
    {
        float[] points = [.. new RandomData(7).Normal(50 * 2).SelectMany((value, i) => i % 2 == 0 ? (float[])[value, 5] : [value])];
        PrincipalComponents map = PrincipalComponentsFit.Fit(points, 3, 3);
        Assert.That(map.ExplainedVariance[2], Is.Zero.Within(1e-12));
    }

    [Test]
    public void Wrong_uses_say_what_is_wrong()
    {
        Assert.That(() => PrincipalComponentsFit.Fit([1, 2, 3, 4], 2, 2), Throws.InvalidOperationException.With.Message.Contains("3 points"));
        Assert.That(() => PrincipalComponentsFit.Fit([1, 2, 3], 2, 1), Throws.ArgumentException.With.Message.Contains("3 values"));
        Assert.That(() => PrincipalComponentsFit.Fit([1, float.NaN], 2, 1), Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(() => PrincipalComponentsFit.Fit([1, 2, 3, 4, 5, 6], 2, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PrincipalComponents([1, 2], [1], [1], 1), Throws.ArgumentException.With.Message.Contains("mean of 2"));
        Assert.That(() => new PrincipalComponents([1], [float.NaN], [1], 1), Throws.ArgumentException.With.Message.Contains("NaN"));
    }

    [Test]
    public void The_chain_projects_and_then_standardises()
    {
        float[] points = new RandomData(8).Normal(400 * 5);
        var chain = Preprocessing.Fit(points, 5, 2, standardize: true);
        float[] mapped = chain.Apply(points);
        Assert.That(mapped, Has.Length.EqualTo(800));
        for (int j = 0; j < 2; j++)
        {
            double[] column = [.. Enumerable.Range(0, 400).Select(r => (double)mapped[(r * 2) + j])];
            Assert.That(column.Average(), Is.Zero.Within(1e-6));
            Assert.That(column.Average(value => value * value), Is.EqualTo(1).Within(1e-5));
        }

        Assert.That(chain.LogJacobian, Is.EqualTo(chain.Standardization!.LogJacobian));
        Assert.That(Preprocessing.Fit(points, 5, null, standardize: false).Apply(points), Is.EqualTo(points));
        Assert.That(
            () => new Preprocessing(chain.Components, new Standardization([0], [1])), Throws.ArgumentException.With.Message.Contains("1 coordinates"));
    }

    private static double[] Numbers(JsonElement golden, string name) =>
        [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
