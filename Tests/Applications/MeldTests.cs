using System.Text.Json;
using FlowRatio.Applications.Meld;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Applications;

/// <summary>MELD against an independent dense implementation (Reference/make_golden_meld.py), and what its filter must keep.</summary>
public sealed class MeldTests
{
    [Test]
    public void Densities_are_those_of_the_independent_implementation()
    {
        using JsonDocument golden = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "golden_meld.json")));
        JsonElement root = golden.RootElement;
        float[] points = [.. root.GetProperty("points").EnumerateArray().Select(value => value.GetSingle())];
        bool[] labels = [.. root.GetProperty("labels").EnumerateArray().Select(value => value.GetBoolean())];
        MeldEstimator meld = MeldEstimator.Create(points, root.GetProperty("dimension").GetInt32());
        double[][] expected = [.. root.GetProperty("densities").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
        double[] above = meld.Density(labels), below = meld.Density([.. labels.Select(label => !label)]);
        double[] ratios = meld.LogRatios(labels);
        Assert.Multiple(() =>
        {
            // Lanczos stops at 1e-9; the densities are near 1/127 and depend on lambda_max through exponents of at most 60.
            Assert.That(meld.LargestEigenvalue, Is.EqualTo(root.GetProperty("largest_eigenvalue").GetDouble()).Within(1e-8));
            for (int r = 0; r < labels.Length; r++)
            {
                Assert.That(below[r], Is.EqualTo(expected[r][0]).Within(1e-9), $"control, point {r}");
                Assert.That(above[r], Is.EqualTo(expected[r][1]).Within(1e-9), $"treated, point {r}");
                if (Math.Min(expected[r][0], expected[r][1]) > 1e-6)
                {
                    Assert.That(ratios[r], Is.EqualTo(Math.Log(expected[r][1] / expected[r][0])).Within(1e-4), $"log-ratio, point {r}");
                }
            }
        });
    }

    [Test]
    public void Column_sums_are_kept_and_no_density_is_negative()
    {
        var random = new RandomData(51);
        float[] points = random.Normal(4 * 300);
        bool[] labels = [.. random.Uniform(300, 0, 1).Select(value => value < 0.3)];
        double[] density = MeldEstimator.Create(points, 4).Density(labels);
        Assert.Multiple(() =>
        {
            // The constant vector has eigenvalue zero, which the filter keeps.
            Assert.That(density.Sum(), Is.EqualTo(1).Within(1e-12));
            Assert.That(density.Min(), Is.GreaterThan(-1e-15));
        });
    }

    [Test]
    public void Labels_that_do_not_fit_are_refused()
    {
        MeldEstimator meld = MeldEstimator.Create(new RandomData(52).Normal(2 * 20), 2);
        Assert.That(() => meld.Density(new bool[20]), Throws.ArgumentException.With.Message.Contains("0 of them set"));
        Assert.That(() => meld.Density([true]), Throws.ArgumentException.With.Message.Contains("20 points"));
        Assert.That(() => MeldEstimator.Create(new float[8], 2), Throws.ArgumentException.With.Message.Contains("4 rows"));
    }
}
