using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Adaptive steps per trajectory against closed forms.</summary>
public sealed class AdaptiveRatioTests
{
    private readonly ReferenceBackend reference = new();

    [OneTimeTearDown]
    public void DisposeBackend() => reference.Dispose();

    [Test]
    public void Ratios_agree_with_the_closed_form(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        using var estimator = new LogRatioEstimator(flow, Options(1e-6) with { Field = field });
        EstimationResult result = estimator.Estimate(points, ExactTask.First, ExactTask.Second);
        double error = ExactTask.Error(flow.LogRatio(points, ExactTask.First, ExactTask.Second), result);
        TestContext.Out.WriteLine($"{schedule.Name} {field}: {error:0.0e0}, {result.EvaluationsPerPoint:0.0} evaluations");

        // A tolerance per step on x of unit size; log-ratios are up to ten times steeper. Measured 1e-6 to 7e-6.
        Assert.That(error, Is.LessThan(3e-5));
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.Converged));
        Assert.That(result.Trajectories.Select(record => record.EndTime), Is.All.Zero);
        Assert.That(result.Failures, Is.Empty);
    }

    [Test]
    public void The_error_follows_the_tolerance()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        double[] exact = flow.LogRatio(points, ExactTask.First, ExactTask.Second);
        double[] tolerances = [1e-3, 1e-5, 1e-7];
        double[] errors = [.. tolerances.Select(tolerance =>
        {
            using var estimator = new LogRatioEstimator(flow, Options(tolerance));
            return ExactTask.Error(exact, estimator.Estimate(points, ExactTask.First, ExactTask.Second));
        })];
        TestContext.Out.WriteLine(string.Join(", ", errors.Select(error => $"{error:0.0e0}")));
        for (int i = 0; i < errors.Length; i++)
        {
            Assert.That(errors[i], Is.LessThan(30 * tolerances[i]));
        }
    }

    [Test]
    public void Log_densities_agree_with_the_closed_form(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        using var estimator = new LogDensityEstimator(flow, Options(1e-6));
        EstimationResult result = estimator.Estimate(points, ExactTask.Second);
        double error = ExactTask.Error(flow.LogDensity(points, ExactTask.Second), result);
        TestContext.Out.WriteLine($"{schedule.Name}: {error:0.0e0}, {result.EvaluationsPerPoint:0.0} evaluations");
        Assert.That(error, Is.LessThan(3e-5), "as for ratios");
    }

    [Test]
    public void Single_precision_reaches_its_own_limit()
    {
        using var cpu = new CpuBackend(1);
        GaussianFlow flow = ExactTask.Flow(cpu, PathSchedule.Deterministic);
        float[] points = ExactTask.Points(flow, ExactTask.First, 16);
        using var estimator = new LogRatioEstimator(flow, Options(1e-6));
        EstimationResult result = estimator.Estimate(points, ExactTask.First, ExactTask.Second);
        double error = ExactTask.Error(flow.LogRatio(points, ExactTask.First, ExactTask.Second), result);
        TestContext.Out.WriteLine($"{error:0.0e0}, {result.EvaluationsPerPoint:0.0} evaluations");

        // Roundings of 6e-8 in x, J and s at every stage, in place of which log-ratios have slopes up to ten.
        Assert.That(error, Is.LessThan(1e-4));
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.ToleranceNotReached), "1e-6 is finer than float32");
    }

    [Test]
    public void A_point_that_needs_too_many_steps_has_no_value_and_a_failure()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.Deterministic);
        float[] points = ExactTask.Points(flow, ExactTask.First, 3);
        using var estimator = new LogRatioEstimator(
            flow, Options(1e-6) with { Adaptive = new AdaptiveOptions(1e-6, 1e-6) { StepLimit = 2 } });
        EstimationResult result = estimator.Estimate(points, ExactTask.First, ExactTask.Second, firstSample: 40);
        Assert.That(result.Values, Is.All.NaN);
        Assert.That(result.Failures.Select(failure => failure.Sample), Is.EqualTo(new[] { 40, 41, 42 }));
        Assert.That(result.Failures.Select(failure => failure.Status), Is.All.EqualTo(SolveStatus.StepLimit));
        Assert.That(result.Failures.Select(failure => failure.Quantity), Is.All.EqualTo("step size"));
        Assert.That(result.Failures.Select(failure => failure.Time), Is.All.GreaterThan(0).And.All.LessThan(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_point_that_leaves_the_numbers_is_named_with_its_time(bool adaptive)
    {
        // A field that is not a number below t = 0.5: the last trustworthy time is 0.5, and the point is to blame.
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 3);
        SimulatingField field = SimulatingField.Of((x, times, velocity) =>
        {
            for (int i = 0; i < x.Length; i++)
            {
                velocity[i] = times[i / ExactTask.Dimension] < 0.5 ? float.NaN : 0.1f;
            }
        });
        EstimationOptions options = adaptive
            ? Options(1e-4)
            : new EstimationOptions { Steps = 4, Divergence = DivergenceMethod.Exact };
        using var estimator = new LogRatioEstimator(flow, options with { Field = field });
        EstimationResult result = estimator.Estimate(points, ExactTask.First, ExactTask.Second);
        Assert.That(result.Values, Is.All.NaN);
        Assert.That(result.Failures.Select(failure => failure.Status), Is.All.EqualTo(SolveStatus.NonFinite));

        // Equal steps see it at the end of the third of four; adaptive ones close in on 0.5.
        Assert.That(result.Failures.Select(failure => failure.Time), Is.All.EqualTo(adaptive ? 0.5 : 0.25).Within(1e-9));
        Assert.That(result.Failures.Select(failure => failure.Quantity), Is.All.EqualTo("point"));
    }

    [Test]
    public void Tolerances_are_checked_when_an_estimator_is_made() => Assert.That(
        () => new LogRatioEstimator(ExactTask.Flow(reference, PathSchedule.Deterministic), Options(0)),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Adaptive_steps_and_quadrature_exclude_each_other() => Assert.That(
        () => new LogRatioEstimator(
            ExactTask.Flow(reference, PathSchedule.Deterministic),
            Options(1e-6) with { Quadrature = QuadratureOptions.WithNodes(4) }),
        Throws.ArgumentException);

    private static EstimationOptions Options(double tolerance) =>
        new() { Adaptive = new AdaptiveOptions(tolerance, tolerance), Divergence = DivergenceMethod.Exact };
}
