using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training.Optimizers;

/// <summary>Adam against the algorithm of the paper written out, on every backend.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class AdamOptimizerTests(Func<ComputeBackend> create)
{
    [Test]
    public void Follows_algorithm_1_of_the_paper()
    {
        const int Length = 37;
        const double Rate = 1e-2;
        using ComputeBackend backend = create();
        using var workspace = new Workspace(backend);
        using var optimizer = new AdamOptimizer(backend, Length);
        var random = new RandomData(71);
        float[] start = random.Normal(Length);
        ParameterBuffer parameters = workspace.Parameters(start);
        double[] theta = [.. start.Select(value => (double)value)], m = new double[Length], v = new double[Length];
        for (int t = 1; t <= 20; t++)
        {
            float[] gradients = random.Normal(Length);
            optimizer.Step(parameters, workspace.Parameters(gradients), Rate);
            Assert.That(optimizer.Steps, Is.EqualTo(t));
            for (int i = 0; i < Length; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * gradients[i]);
                v[i] = (0.999 * v[i]) + (0.001 * gradients[i] * gradients[i]);
                theta[i] -= Rate * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }

        // Each step adds a rounding of the parameter (below 4) and a dozen roundings of a move of at most a few learning rates.
        double bound = 20 * backend.UnitRoundoff * (4 + (12 * 5 * Rate));
        ErrorBound.Check("parameters", theta, Workspace.Read(parameters), [.. theta.Select(_ => bound)]);
    }

    [Test]
    public void The_first_step_moves_every_parameter_by_the_rate_against_its_gradient()
    {
        // Without bias correction the first step would be sqrt(0.001)/0.1 = 0.3 times as long or shorter.
        using ComputeBackend backend = create();
        using var workspace = new Workspace(backend);
        using var optimizer = new AdamOptimizer(backend, 4);
        ParameterBuffer parameters = workspace.Parameters([0, 0, 0, 0]);
        optimizer.Step(parameters, workspace.Parameters([1e-3f, -5, 100, 0]), 0.25);
        double[] expected = [-0.25, 0.25, -0.25, 0];

        // Epsilon shortens the step of the gradient 1e-3 by 1e-8/1e-3 of itself.
        Assert.That(Workspace.Read(parameters), Is.EqualTo(expected).Within(0.25 * 2e-5));
    }

    [Test]
    public void Finds_the_minimum_of_a_badly_scaled_parabola()
    {
        using ComputeBackend backend = create();
        using var workspace = new Workspace(backend);
        using var optimizer = new AdamOptimizer(backend, 3);
        double[] curvature = [1e-3, 1, 1e3];
        ParameterBuffer parameters = workspace.Parameters([2, -1, 3]);
        ParameterBuffer gradients = workspace.Parameters([0, 0, 0]);
        var schedule = LearningRateSchedule.WarmUpCosine(0.05);
        for (int step = 0; step < 1000; step++)
        {
            double[] at = Workspace.Read(parameters);
            gradients.Write<double>([.. at.Zip(curvature, (x, k) => k * x)]);
            optimizer.Step(parameters, gradients, schedule.Rate(step, 1000));
        }

        // With the rate falling to zero the parameters settle; a hundredth of a starting value shows that the scale did not matter.
        Assert.That(Workspace.Read(parameters), Is.All.EqualTo(0).Within(0.01));
    }
}
