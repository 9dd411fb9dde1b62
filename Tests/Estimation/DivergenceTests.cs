using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Estimation;

/// <summary>Exact and probed divergences of fields whose divergence is not zero.</summary>
public sealed class DivergenceTests : GaussianFixture
{
    private static readonly DivergenceMethod[] Probed =
    [
        DivergenceMethod.Hutchinson(1, ProbeDistribution.Hadamard), DivergenceMethod.Hutchinson(1, ProbeDistribution.Rademacher),
        DivergenceMethod.Hutchinson(1, ProbeDistribution.Gaussian),
        DivergenceMethod.Hutchinson(1, ProbeDistribution.Hadamard, perStage: false),
        DivergenceMethod.Hutchinson(1, ProbeDistribution.Rademacher, perStage: false),
        DivergenceMethod.Hutchinson(1, ProbeDistribution.Gaussian, perStage: false),
    ];

    [Test]
    public void Rates_with_exact_divergence_match_the_closed_form(
        [Values(1, 31, 32, 33, 70)] int dimension, [Values(0, 0.4, 1)] double time)
    {
        // One, two or three chunks of 32 tangents. b = 0.3 u_0 + 0.7 u_1, so both score terms are needed, and once only.
        var flow = new GaussianFlow(
            Backend,
            PathSchedule.NoiseAtData(0.2),
            [GaussianDistribution.Random(dimension, 940), GaussianDistribution.Random(dimension, 941)]);
        Condition[] conditions = [First, Second];
        using var dynamics = new LogDensityDynamics(
            flow, conditions, [(First, 0.3), (Second, 0.7)], DivergenceMethod.Exact, seed: 0, capacity: 3);
        float[] points = new RandomData(942).Normal(3 * dimension);
        dynamics.SetSamples([0, 1, 2]);
        dynamics.Points.Write<float>(points);
        (_, double[] rates) = Evaluate(dynamics, Backend, time);
        for (int row = 0; row < 3; row++)
        {
            Vector<double> x = Vector<double>.Build.Dense(
                [.. points.AsSpan(row * dimension, dimension).ToArray().Select(value => (double)value)]);
            var jacobians = conditions.Select(condition => flow.Jacobians(condition, time)).ToArray();
            Vector<double>[] centered = [.. conditions.Select(condition => x - (time * flow.Target(condition).Mean))];
            Vector<double>[] velocities = [.. conditions.Select(
                (condition, c) => flow.Target(condition).Mean + (jacobians[c].Velocity * centered[c]))];
            Vector<double> field = (0.3 * velocities[0]) + (0.7 * velocities[1]);
            for (int c = 0; c < 2; c++)
            {
                double correction = -(field - velocities[c]) * (jacobians[c].Precision * centered[c]);

                // Rounding of sums of d^2 terms of order 1 to 10.
                Assert.That(
                    rates[(3 * c) + row],
                    Is.EqualTo(correction - jacobians[c].Velocity.Trace()).Within(1e-11 * dimension), $"row {row}, condition {c}");
            }
        }
    }

    [Test]
    public void Exact_divergence_of_a_network_matches_differences([Values(3, 35)] int dimension)
    {
        // Here the Jacobian is neither symmetric nor constant. b = u, so the rate is minus the divergence alone.
        FlowModel model = SmallModel.Create(dimension);
        using ParameterBuffer parameters = Backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        var flow = new NetworkFlow(Backend, model.Network, parameters);
        using var dynamics = new LogDensityDynamics(flow, [Second], [(Second, 1)], DivergenceMethod.Exact, seed: 0, capacity: 1);
        dynamics.SetSamples([0]);
        double[] point = [.. new RandomData(948).Normal(dimension).Select(value => (double)value)];
        double[] Velocity(double[] x)
        {
            dynamics.Points.Write<double>(x);
            return Evaluate(dynamics, Backend, 0.6).Field;
        }

        double divergence = 0;
        for (int j = 0; j < dimension; j++)
        {
            double[] direction = new double[dimension];
            direction[j] = 1;
            divergence += FiniteDifference.Directional(Velocity, point, direction)[j];
        }

        dynamics.Points.Write<double>(point);
        double rate = Evaluate(dynamics, Backend, 0.6).Rates[0];
        Assert.That(Math.Abs(divergence), Is.GreaterThan(0.1), "the test needs a divergence");

        // 1e-10 per difference (see FiniteDifference), d of them.
        Assert.That(rate, Is.EqualTo(-divergence).Within(1e-9 * dimension));
    }

    [Test]
    public void Log_density_in_many_dimensions_has_the_exact_log_determinant()
    {
        // At x(1) = mu the trajectory ends at x(0) = 0, so the log-density is that of the integrated divergence alone: log |S| / 2
        // = -2.2 nats here, which any sign error would double. RK4 with 40 steps is good to 1e-6 per direction.
        const int dimension = 40;
        GaussianDistribution target = GaussianDistribution.Random(dimension, 944);
        float[] point = [.. target.Mean.Select(value => (float)value)];
        var flow = new GaussianFlow(Backend, PathSchedule.Deterministic, [target]);
        using var estimator = new LogDensityEstimator(flow, new EstimationOptions { Divergence = DivergenceMethod.Exact, Steps = 40 });
        Assert.That(Math.Abs(target.Covariance.Determinant()), Is.Not.EqualTo(1).Within(0.5), "the test needs a divergence");
        Assert.That(estimator.Estimate(point, First).Values, Is.EqualTo(flow.LogDensity(point, First)).Within(1e-6 * dimension));
    }

    [Test]
    public void Probed_estimates_are_unbiased([ValueSource(nameof(Probed))] DivergenceMethod method)
    {
        // The same point under many sample numbers, compared with the exact divergence along the same trajectory.
        const int samples = 3000;
        GaussianFlow flow = Flow(PathSchedule.Deterministic);
        float[] point = Points(flow, 1)[..Dimension];
        float[] copies = [.. Enumerable.Repeat(point, samples).SelectMany(x => x)];
        foreach (SimulatingField field in new[] { SimulatingField.Numerator, SimulatingField.Midpoint })
        {
            var options = new EstimationOptions { Field = field, Steps = 4, Divergence = method, Seed = 945 };
            using var probed = new LogRatioEstimator(flow, options);
            using var exact = new LogRatioEstimator(flow, options with { Divergence = DivergenceMethod.Exact });
            AssertUnbiased(exact.Estimate(point, First, Second), probed.Estimate(copies, First, Second), $"{field}");
        }

        var densityOptions = new EstimationOptions { Steps = 4, Divergence = method, Seed = 946 };
        using var density = new LogDensityEstimator(flow, densityOptions);
        using var exactDensity = new LogDensityEstimator(flow, densityOptions with { Divergence = DivergenceMethod.Exact });
        AssertUnbiased(exactDensity.Estimate(point, First), density.Estimate(copies, First), "log-density");
    }

    [Test]
    public void Standard_errors_cover_at_their_nominal_rate([ValueSource(nameof(Probed))] DivergenceMethod method)
    {
        // With K = 16 sequences the studentised error follows Student's t with 15 degrees of freedom where one sequence's error is
        // normal. Coverage of the central 95 % over 2,000 points then has a sampling error of 0.5 %. A frozen probe's error is a
        // quadratic form with heavier tails, which its 16 sequences average away well enough for the same limit.
        const int probes = 16;
        const double quantile = 2.131;
        GaussianFlow flow = Flow(PathSchedule.Deterministic);
        float[] points = Points(flow, 667);
        var options = new EstimationOptions
        {
            Steps = 3,
            Divergence = DivergenceMethod.Hutchinson(probes, method.Distribution, method.PerStage),
            Seed = 947,
        };
        using var probed = new LogRatioEstimator(flow, options);
        using var exact = new LogRatioEstimator(flow, options with { Divergence = DivergenceMethod.Exact });
        EstimationResult result = probed.Estimate(points, First, Second);
        EstimationResult truth = exact.Estimate(points, First, Second);
        Assert.That(truth.StandardErrors, Is.Null);
        double coverage = Enumerable.Range(0, result.Values.Count).Average(
            i => Math.Abs(result.Values[i] - truth.Values[i]) <= quantile * result.StandardErrors![i] ? 1.0 : 0.0);
        TestContext.Out.WriteLine($"coverage {coverage:F4}");
        Assert.That(coverage, Is.EqualTo(0.95).Within(Statistics.Limit * 0.005));
    }

    [Test]
    public void One_probe_gives_no_standard_error_and_no_probe_is_refused()
    {
        GaussianFlow flow = Flow(PathSchedule.Deterministic);
        using var estimator = new LogRatioEstimator(flow, new EstimationOptions { Steps = 1 });
        Assert.That(estimator.Estimate(Points(flow, 1), First, Second).StandardErrors, Is.Null);
        Assert.That(
            () => DivergenceMethod.Hutchinson(0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("probes")
                .And.Property("ActualValue").EqualTo(0));
    }

    private static void AssertUnbiased(EstimationResult exact, EstimationResult probed, string what)
    {
        (double mean, double variance, double error) = Statistics.Moments([.. probed.Values]);
        TestContext.Out.WriteLine($"{what}: exact {exact.Values[0]:F4}, mean {mean:F4} +- {error:F4}");
        Assert.That(variance, Is.GreaterThan(1e-6), "the test needs noise");
        Assert.That(mean, Is.EqualTo(exact.Values[0]).Within(Statistics.Limit * error), what);
    }

    private static (double[] Field, double[] Rates) Evaluate(LogDensityDynamics dynamics, ReferenceBackend backend, double time)
    {
        using Engine.Compute.Matrix derivative = backend.CreateMatrix(dynamics.Points.Rows, dynamics.Points.Columns);
        using Accumulator rates = backend.CreateAccumulator(dynamics.Points.Rows, dynamics.RateSeries);
        dynamics.Evaluate(time, 0, derivative, rates);
        return (Workspace.Read(derivative), Workspace.Read(rates));
    }
}
