using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;
using MathNet.Numerics.Integration;

namespace FlowRatio.Tests.Estimation;

/// <summary>Trajectory and quadrature apart, against closed forms.</summary>
public sealed class QuadratureTests
{
    private const int StagesPerStep = 4;
    private readonly ReferenceBackend reference = new();

    [OneTimeTearDown]
    public void DisposeBackend() => reference.Dispose();

    [Test]
    public void Ratios_with_sixteen_nodes_agree_with_the_closed_form(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        EstimationResult result = Estimate(flow, points, QuadratureOptions.WithNodes(16), field);
        double error = ExactTask.Error(flow.LogRatio(points, ExactTask.First, ExactTask.Second), result);
        TestContext.Out.WriteLine($"{schedule.Name} {field}: {error:0.0e0}");

        // What RK4 leaves with one step from node to node; measured 2e-6 to 1.1e-5.
        Assert.That(error, Is.LessThan(2e-5));
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.Converged));
        Assert.That(result.Trajectories.Select(record => record.Evaluations), Is.All.EqualTo(16 + (16 * StagesPerStep)));
    }

    [Test]
    public void The_error_falls_with_the_nodes([ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule)
    {
        // Measured, at worst: 6.6e-2,
        // 2.6e-3, 1.8e-4, 2.6e-5, 8.4e-6; a factor of three is left.
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 32);
        double[] exact = flow.LogRatio(points, ExactTask.First, ExactTask.Second);
        int[] nodes = [4, 6, 8, 12, 16];
        double[] limits = [2e-1, 8e-3, 6e-4, 8e-5, 3e-5];
        double[] errors = [.. nodes.Select(
            count => ExactTask.Error(exact, Estimate(flow, points, QuadratureOptions.WithNodes(count), SimulatingField.Numerator)))];
        TestContext.Out.WriteLine($"{schedule.Name}: " + string.Join(", ", errors.Select((error, i) => $"{nodes[i]}: {error:0.0e0}")));
        for (int i = 0; i < nodes.Length; i++)
        {
            Assert.That(errors[i], Is.LessThan(limits[i]), $"{nodes[i]} nodes");
            Assert.That(i == 0 || errors[i] < errors[i - 1], $"{nodes[i]} nodes are better than fewer");
        }
    }

    [Test]
    public void Log_densities_agree_with_the_closed_form(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        using var estimator = new LogDensityEstimator(flow, Options(QuadratureOptions.WithNodes(16), SimulatingField.Midpoint));
        EstimationResult result = estimator.Estimate(points, ExactTask.Second);
        double error = ExactTask.Error(flow.LogDensity(points, ExactTask.Second), result);
        TestContext.Out.WriteLine($"{schedule.Name}: {error:0.0e0}");
        Assert.That(error, Is.LessThan(6e-5), "the span to the noise adds to it: measured 9e-6 to 2.6e-5");
        Assert.That(
            result.Trajectories.Select(record => record.Evaluations), Is.All.EqualTo(16 + (17 * StagesPerStep)),
            "one more step, from the last node to the noise");
    }

    [Test]
    public void Divergences_are_evaluated_at_the_nodes_alone_and_never_at_the_ends([Values(1, 2, 3, 16)] int nodes)
    {
        List<double> times = [];
        var flow = new GaussianFlow(reference, PathSchedule.NoiseOnPath(0.5), ExactTask.Targets()) { IntegrandTimes = times };
        Estimate(flow, ExactTask.Points(flow, ExactTask.First, 5), QuadratureOptions.WithNodes(nodes), SimulatingField.Midpoint);
        double[] expected = [.. new GaussLegendreRule(0, 1, nodes).Abscissas];
        Assert.That(times, Is.All.GreaterThan(0).And.All.LessThan(1));
        Assert.That(times, Is.EquivalentTo(expected.SelectMany(time => Enumerable.Repeat(time, 5))), "each point once per node");
    }

    [Test]
    public void Steps_between_nodes_refine_the_trajectory()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        double[] exact = flow.LogRatio(points, ExactTask.First, ExactTask.Second);
        double[] errors = [.. new[] { 1, 2, 4 }.Select(steps =>
        {
            EstimationResult result = Estimate(
                flow, points, QuadratureOptions.WithNodes(16) with { StepsBetweenNodes = steps }, SimulatingField.Numerator);
            Assert.That(
                result.Trajectories.Select(record => record.Evaluations), Is.All.EqualTo(16 + (16 * StagesPerStep * steps)));
            return ExactTask.Error(exact, result);
        })];
        TestContext.Out.WriteLine(string.Join(", ", errors.Select(error => $"{error:0.0e0}")));

        // RK4: a sixteenth per halving, as long as the rule's own error lies below.
        Assert.That(errors[1], Is.LessThan(errors[0] / 8));
        Assert.That(errors[2], Is.LessThan(errors[1] / 4));
    }

    [Test]
    public void A_tolerance_is_kept_by_every_point(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule, [Values(1e-2, 1e-4, 1e-6)] double tolerance)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 32);
        double[] exact = flow.LogRatio(points, ExactTask.First, ExactTask.Second);
        EstimationResult result = Estimate(flow, points, QuadratureOptions.ToTolerance(tolerance), SimulatingField.Midpoint);
        double worst = exact.Zip(result.Values, (e, a) => Math.Abs(e - a)).Max();
        TestContext.Out.WriteLine(
            $"{schedule.Name} {tolerance:0e0}: worst {worst:0.0e0}, {result.EvaluationsPerPoint:0.0} evaluations");
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.Converged));

        // The value kept has twice the nodes of the one it was compared with, so it is better than their difference.
        Assert.That(worst, Is.LessThan(tolerance));
    }

    [Test]
    public void Each_point_stops_by_itself()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.Deterministic);
        float[] points = ExactTask.Points(flow, ExactTask.First, 32);
        EstimationResult result = Estimate(flow, points, QuadratureOptions.ToTolerance(1e-2), SimulatingField.Midpoint);
        int[] evaluations = [.. result.Trajectories.Select(record => record.Evaluations).Distinct().Order()];
        TestContext.Out.WriteLine(string.Join(", ", evaluations));

        // Five evaluations per node: all of 4, 8, ... nodes up to where the point stopped.
        Assert.That(evaluations, Is.SubsetOf(new[] { 5 * 12, 5 * 28, 5 * 60, 5 * 124 }));
        Assert.That(evaluations, Has.Length.GreaterThan(1));
    }

    [Test]
    public void A_tolerance_that_probes_cannot_reach_is_said_not_to_be_reached()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.Deterministic);
        float[] points = ExactTask.Points(flow, ExactTask.First, 8);
        using var estimator = new LogRatioEstimator(flow, new EstimationOptions
        {
            Quadrature = QuadratureOptions.ToTolerance(1e-9, largestNodes: 16),
            Divergence = DivergenceMethod.Hutchinson(2, ProbeDistribution.Gaussian),
        });
        EstimationResult result = estimator.Estimate(points, ExactTask.First, ExactTask.Second);
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.ToleranceNotReached));
        Assert.That(result.Values, Is.All.Not.NaN, "the best value is kept");
        Assert.That(result.Failures, Is.Empty, "it has a usable end");
        Assert.That(result.Trajectories.Select(record => record.Evaluations), Is.All.EqualTo(5 * (4 + 8 + 16)));

        using var fixedNodes = new LogRatioEstimator(
            flow, estimator.Options with { Quadrature = QuadratureOptions.WithNodes(16) });
        Assert.That(
            result.Values, Is.EqualTo(fixedNodes.Estimate(points, ExactTask.First, ExactTask.Second).Values), "that of most nodes");
    }

    [Test]
    public void A_tolerance_needs_a_divergence_whose_error_is_known()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.Deterministic);
        var options = new EstimationOptions { Quadrature = QuadratureOptions.ToTolerance(1e-2) };
        Assert.That(
            () => new LogRatioEstimator(flow, options),
            Throws.ArgumentException.With.Message.Contains("at least 2 probe sequences, not 1"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Fewer_than_one_node_or_step_is_refused(int count)
    {
        Assert.That(() => QuadratureOptions.WithNodes(count), Throws.InstanceOf<ArgumentOutOfRangeException>());
        var options = new EstimationOptions { Quadrature = QuadratureOptions.WithNodes(4) with { StepsBetweenNodes = count } };
        Assert.That(options.Validate, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Tolerances_must_be_positive_and_finite([Values(0, -1, double.NaN, double.PositiveInfinity)] double tolerance) =>
        Assert.That(
            () => QuadratureOptions.ToTolerance(tolerance),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("tolerance"));

    [Test]
    public void A_comparison_needs_eight_nodes() =>
        Assert.That(() => QuadratureOptions.ToTolerance(1, 7), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static EstimationOptions Options(QuadratureOptions quadrature, SimulatingField field) =>
        new() { Quadrature = quadrature, Field = field, Divergence = DivergenceMethod.Exact };

    private static EstimationResult Estimate(GaussianFlow flow, float[] points, QuadratureOptions quadrature, SimulatingField field)
    {
        using var estimator = new LogRatioEstimator(flow, Options(quadrature, field));
        return estimator.Estimate(points, ExactTask.First, ExactTask.Second);
    }
}
