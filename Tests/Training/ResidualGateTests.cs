using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Tests.Training;

/// <summary>The factor that is kept of what networks add to a base.</summary>
public sealed class ResidualGateTests
{
    private const int Rows = 20_000;
    private const int Dimension = 3;

    [Test]
    public void The_best_factor_is_found_with_its_standard_error([Values] bool weighted)
    {
        const double factor = 0.3;
        var random = new RandomData(1);
        double[] output = Doubles(random.Normal(Rows * Dimension)), noise = Doubles(random.Normal(Rows * Dimension));
        double[]? weight = weighted ? Doubles(random.Uniform(Rows, 0.5, 2)) : null;
        double[] target = [.. output.Select((value, i) => (factor * (weight?[i / Dimension] ?? 1) * value) + noise[i])];
        var residual = new HeadResidual();
        residual.Add(target.AsSpan(0, 300), output.AsSpan(0, 300), weight?[..100], Dimension);
        residual.Add(target.AsSpan(300), output.AsSpan(300), weight?[100..], Dimension);
        Assert.Multiple(() =>
        {
            Assert.That(residual.BestFactor, Is.EqualTo(factor).Within(4 * residual.StandardError));

            // Noise of unit variance against outputs of mean square 1 (1.75 with weights): 1 / sqrt(rows x dimension x mean square).
            Assert.That(residual.StandardError, Is.EqualTo(1 / Math.Sqrt(Rows * Dimension * (weighted ? 1.75 : 1))).Within(2e-4));
        });
    }

    [Test]
    public void Without_output_the_factor_is_zero()
    {
        var residual = new HeadResidual();
        residual.Add([1, 2, 3], [0, 0, 0], null, Dimension);
        Assert.Multiple(() =>
        {
            Assert.That(residual.BestFactor, Is.Zero);
            Assert.That(residual.StandardError, Is.Zero);
        });
    }

    [Test]
    public void Factors_scale_the_heads_outputs()
    {
        using var backend = new CpuBackend(threads: 1);
        var network = new VelocityScoreNetwork(new NetworkShape(Dimension, [2])
        {
            DataHidden = 8, DataCode = 8, ConditionHidden = 8, ConditionCode = 4, TimeFeatures = 8, HeadHidden = 8,
        });
        float[] parameters = network.Initialize(1), gated = network.Initialize(1);
        new ResidualGate(0.5, 0, 0, 0).Apply(network, gated);
        (float[] velocity, float[] score) = Outputs(parameters);
        (float[] gatedVelocity, float[] gatedScore) = Outputs(gated);
        Assert.Multiple(() =>
        {
            Assert.That(gatedVelocity, Is.EqualTo(velocity.Select(value => 0.5f * value)).Within(1e-6));
            Assert.That(gatedScore, Is.All.Zero);
            Assert.That(score, Is.Not.All.Zero);
        });

        (float[] Velocity, float[] Score) Outputs(float[] values)
        {
            const int rows = 4;
            using var pass = new NetworkTrainingPass(backend, network, rows);
            using var buffer = backend.CreateParameters(values.Length);
            buffer.Write<float>(values);
            using var points = backend.CreateMatrix(rows, Dimension);
            points.Write<float>(new RandomData(2).Normal(rows * Dimension));
            using var times = backend.CreateMatrix(rows, 1);
            times.Write<float>([0.1f, 0.3f, 0.6f, 0.9f]);
            using var categories = backend.CreateIndices(rows);
            categories.Write([0, 1, 0, -1]);
            pass.Forward(buffer, points, times, [categories]);
            float[] u = new float[rows * Dimension], s = new float[rows * Dimension];
            pass.Velocity.Read<float>(u);
            pass.Score.Read<float>(s);
            return (u, s);
        }
    }

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
