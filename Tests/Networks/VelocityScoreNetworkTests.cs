using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Networks;

/// <summary>Layout of the parameter buffer and initial values.</summary>
public sealed class VelocityScoreNetworkTests
{
    private static readonly VelocityScoreNetwork Network = new(new NetworkShape(4, [3, 5]));

    [TestCase(2, new int[0], 32, 3)]
    [TestCase(10, new[] { 2 }, 1, 1)]
    [TestCase(3, new[] { 4, 1, 6 }, 8, 5)]
    public void Parameter_count_follows_from_the_sizes(int dimension, int[] covariates, int timeFeatures, int headLayers)
    {
        var shape = new NetworkShape(dimension, covariates)
        {
            DataHidden = 11,
            DataCode = 7,
            ConditionHidden = 13,
            ConditionCode = 5,
            TimeFeatures = timeFeatures,
            HeadHidden = 17,
            HeadLayers = headLayers,
        };
        static int Linear(int inputs, int outputs) => (inputs + 1) * outputs;
        int encoder = Linear(dimension, 11) + Linear(11, 7);
        int conditions = covariates.Sum(categories => Linear(categories, 13) + Linear(13, 5));
        int headInput = 7 + (5 * covariates.Length) + timeFeatures;
        int head = Linear(headInput, 17) + ((headLayers - 1) * Linear(17, 17)) + Linear(17, dimension);
        Assert.That(new VelocityScoreNetwork(shape).ParameterCount, Is.EqualTo(encoder + conditions + (2 * head)));
    }

    [Test]
    public void Layers_fill_the_buffer_without_gaps()
    {
        int next = 0;
        foreach (LinearLayer layer in Network.Layers)
        {
            Assert.That(layer.Offset, Is.EqualTo(next), layer.Name);
            Assert.That(layer.BiasOffset, Is.EqualTo(next + (layer.Inputs * layer.Outputs)), layer.Name);
            next += layer.Length;
        }

        Assert.That(next, Is.EqualTo(Network.ParameterCount));
        Assert.That(Network.Layers.Select(layer => layer.Name), Is.Unique);
    }

    [Test]
    public void Initial_values_of_every_layer_are_uniform_within_the_bound_of_its_inputs()
    {
        float[] parameters = Network.Initialize(9);
        foreach (LinearLayer layer in Network.Layers)
        {
            double bound = 1 / Math.Sqrt(layer.Inputs);
            double[] values = [.. parameters.Skip(layer.Offset).Take(layer.Length).Select(value => (double)value)];
            (double mean, double variance, double error) = Statistics.Moments(values);
            Assert.That(values.Max(Math.Abs), Is.LessThanOrEqualTo((float)bound), layer.Name);
            Assert.That(mean, Is.Zero.Within(Statistics.Limit * error), layer.Name);

            // Uniform on +-b: variance b^2/3, fourth moment b^4/5, so the sample variance has the variance (1/5 - 1/9) b^4 / n.
            double varianceError = bound * bound * Math.Sqrt(4.0 / 45 / values.Length);
            Assert.That(variance, Is.EqualTo(bound * bound / 3).Within(Statistics.Limit * varianceError), layer.Name);

            // Kolmogorov's distance exceeds 2.5/sqrt(n) with probability 2 exp(-2 * 2.5^2) = 7e-6.
            double distance = Statistics.KolmogorovDistance(values, value => 0.5 * (1 + (value / bound)));
            Assert.That(distance, Is.LessThan(2.5 / Math.Sqrt(values.Length)), layer.Name);
        }
    }

    [Test]
    public void Initial_values_are_a_function_of_the_seed()
    {
        float[] first = Network.Initialize(1), again = Network.Initialize(1), other = Network.Initialize(2);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(first.Zip(other, (a, b) => a == b).Count(same => same), Is.LessThan(other.Length / 1000));
    }

    [Test]
    public void The_two_heads_start_differently()
    {
        float[] parameters = Network.Initialize(1);
        LinearLayer velocity = Network.VelocityHead[0], score = Network.ScoreHead[0];
        Assert.That(
            parameters[velocity.Offset..velocity.BiasOffset], Is.Not.EqualTo(parameters[score.Offset..score.BiasOffset]));
    }
}
