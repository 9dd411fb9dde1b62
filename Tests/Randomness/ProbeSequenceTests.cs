using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Randomness;

/// <summary>Probes: their covariance, their structure, and what they depend on.</summary>
public sealed class ProbeSequenceTests
{
    [Test]
    public void Covariance_is_the_identity([Values] ProbeDistribution distribution, [Values(0, 3)] int stage)
    {
        // Over samples, at one stage. Off the diagonal products have variance 1; on it z^2 has variance 2 for normal deviates
        // and 0 for signs.
        const int dimension = 6;
        const int samples = 20_000;
        double[,] sums = new double[dimension, dimension];
        var sequence = new ProbeSequence(distribution, 101);
        float[] probe = new float[dimension];
        for (int sample = 0; sample < samples; sample++)
        {
            sequence.Fill(sample, 0, stage, probe);
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j < dimension; j++)
                {
                    sums[i, j] += probe[i] * probe[j];
                }
            }
        }

        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
            {
                double variance = i != j ? 1 : distribution == ProbeDistribution.Gaussian ? 2 : 0;
                Assert.That(
                    sums[i, j] / samples,
                    Is.EqualTo(i == j ? 1 : 0).Within(Statistics.Limit * Math.Sqrt(variance / samples)),
                    $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Entries_are_signs(
        [Values(ProbeDistribution.Hadamard, ProbeDistribution.Rademacher)] ProbeDistribution distribution,
        [Values(1, 2, 31, 33, 129, 300)] int dimension)
    {
        for (int stage = 0; stage < 20; stage++)
        {
            Assert.That(Probe(distribution, 1, 0, stage, dimension), Is.All.EqualTo(1).Or.EqualTo(-1));
        }
    }

    [Test]
    public void Successive_hadamard_probes_are_orthogonal(
        [Values(1, 2, 4, 8, 16, 64)] int dimension, [Values(0, 1, 5)] int epoch)
    {
        // d equals the order: within an epoch of d stages all rows of the matrix occur, each once. Sums of signs are exact.
        float[][] probes = [.. Enumerable.Range(epoch * dimension, dimension).Select(
            stage => Probe(ProbeDistribution.Hadamard, 4, 1, stage, dimension))];
        for (int a = 0; a < dimension; a++)
        {
            for (int b = 0; b < dimension; b++)
            {
                float product = probes[a].Zip(probes[b], (x, y) => x * y).Sum();
                Assert.That(product, Is.EqualTo(a == b ? dimension : 0), $"stages {a} and {b}");
            }
        }
    }

    [Test]
    public void Next_epoch_has_another_order()
    {
        IEnumerable<string> Rows(int epoch) => Enumerable.Range(epoch * 16, 16).Select(
            stage => string.Join(' ', Probe(ProbeDistribution.Hadamard, 4, 0, stage, 16)));
        Assert.That(Rows(1), Is.Not.EqualTo(Rows(0)));
        Assert.That(Rows(1), Is.EquivalentTo(Rows(0)));
    }

    [Test]
    public void Hadamard_average_over_an_epoch_is_the_trace([Values(1, 3, 8, 10, 20, 33)] int dimension)
    {
        // Also for d below the order: distinct columns of a Hadamard matrix are orthogonal. 1e-12: sums of d^2 terms of order 1.
        int order = 1;
        while (order < dimension)
        {
            order *= 2;
        }

        double[,] matrix = Matrix(dimension);
        double trace = Enumerable.Range(0, dimension).Sum(i => matrix[i, i]);
        double average = Enumerable.Range(0, order).Average(
            stage => Estimate(matrix, Probe(ProbeDistribution.Hadamard, 12, 0, stage, dimension)));
        Assert.That(average, Is.EqualTo(trace).Within(1e-12));
    }

    [Test]
    public void Probes_are_functions_of_seed_sample_probe_and_stage([Values] ProbeDistribution distribution)
    {
        // The same arguments give the same probe whatever was asked for in between; any other argument gives another probe.
        float[] probe = Probe(distribution, 3, 1, 5, 40);
        float[] otherSeed = new float[40];
        new ProbeSequence(distribution, 103).Fill(3, 1, 5, otherSeed);
        float[][] others =
        [
            Probe(distribution, 4, 1, 5, 40), Probe(distribution, 3, 2, 5, 40), Probe(distribution, 3, 1, 6, 40), otherSeed,
        ];
        Assert.That(Probe(distribution, 3, 1, 5, 40), Is.EqualTo(probe));
        Assert.That(others.Append(probe).Select(values => string.Join(' ', values)), Is.Unique);
    }

    // Variance of v . A v: twice the sum of sym(A)_ij^2, over i != j for signs and over all i, j for normal deviates. One stage
    // of a Hadamard sequence has independent random signs, so it is a Rademacher probe.
    [Test]
    public void Hutchinson_estimates_are_unbiased_with_the_variance_of_theory([Values] ProbeDistribution distribution)
    {
        const int dimension = 7;
        const int samples = 40_000;
        double[,] matrix = Matrix(dimension);
        double trace = 0, variance = 0;
        for (int i = 0; i < dimension; i++)
        {
            trace += matrix[i, i];
            for (int j = 0; j < dimension; j++)
            {
                double symmetric = (matrix[i, j] + matrix[j, i]) / 2;
                variance += i == j && distribution != ProbeDistribution.Gaussian ? 0 : 2 * symmetric * symmetric;
            }
        }

        double[] estimates = [.. Enumerable.Range(0, samples).Select(
            sample => Estimate(matrix, Probe(distribution, sample, 0, 2, dimension)))];
        (double mean, double measured, double error) = Statistics.Moments(estimates);
        double fourth = estimates.Average(value => Math.Pow(value - mean, 4));
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo(trace).Within(Statistics.Limit * error));

            // The variance of a variance estimate is (fourth central moment - variance^2) / n.
            Assert.That(
                measured,
                Is.EqualTo(variance).Within(Statistics.Limit * Math.Sqrt((fourth - (measured * measured)) / samples)));
        });
    }

    private static float[] Probe(ProbeDistribution distribution, int sample, int probe, int stage, int dimension)
    {
        float[] values = new float[dimension];
        new ProbeSequence(distribution, 102).Fill(sample, probe, stage, values);
        return values;
    }

    private static double[,] Matrix(int dimension)
    {
        float[] values = new RandomData(104).Normal(dimension * dimension);
        double[,] matrix = new double[dimension, dimension];
        for (int i = 0; i < values.Length; i++)
        {
            matrix[i / dimension, i % dimension] = values[i];
        }

        return matrix;
    }

    private static double Estimate(double[,] matrix, float[] probe)
    {
        double sum = 0;
        for (int i = 0; i < probe.Length; i++)
        {
            for (int j = 0; j < probe.Length; j++)
            {
                sum += probe[i] * matrix[i, j] * probe[j];
            }
        }

        return sum;
    }
}
