using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>The overlap diagnostic: zero where score and velocity belong together.</summary>
public sealed class DisagreementTests
{
    private static readonly EstimationOptions[] Ways =
    [
        new(),
        new() { Adaptive = new AdaptiveOptions(1e-4, 1e-4) },
        new() { Quadrature = QuadratureOptions.WithNodes(8) },
    ];

    private readonly ReferenceBackend reference = new();

    [OneTimeTearDown]
    public void DisposeBackend() => reference.Dispose();

    [Test]
    public void Exact_fields_agree(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule,
        [ValueSource(nameof(Ways))] EstimationOptions options,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field)
    {
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        IReadOnlyList<double> largest = Largest(flow, options with { Field = field });

        // Rounding of float64, except at t = 1 of schedules that are cut 1e-5 before it: there x and u are taken 1e-5 apart.
        bool cut = schedule.LatestTime < 1 && options.Quadrature is null;
        TestContext.Out.WriteLine($"{schedule.Name}: {largest.Max():0.0e0}");
        Assert.That(largest, Is.All.LessThan(cut ? 1e-4 : 1e-12));
    }

    [Test]
    public void Exact_fields_agree_in_single_precision([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        // sigma / c is at most 2 and x, t u and c s at most ten: a few roundings of 6e-8 of them.
        using var cpu = new CpuBackend(1);
        IReadOnlyList<double> largest = Largest(ExactTask.Flow(cpu, PathSchedule.NoiseAtData(0.1)), options);
        TestContext.Out.WriteLine($"{largest.Max():0.0e0}");
        Assert.That(largest, Is.All.LessThan(1e-5));
    }

    [Test]
    public void A_wrong_score_shows_in_proportion([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        // s f differs from s by (f - 1) s at the same points, since the field has no score in it.
        double[] Of(double factor) =>
            [.. Largest(new GaussianFlow(reference, PathSchedule.NoiseAtData(0.1), ExactTask.Targets()) { ScoreFactor = factor }, options)];

        double[] twice = Of(2);
        Assert.That(twice, Is.All.GreaterThan(0.3), "the noise itself, of unit size");
        foreach (double factor in new[] { 1.1, 0.5, 4 })
        {
            // 1e-9: differences of nearly equal numbers in float64.
            Assert.That(Of(factor).Zip(twice, (a, b) => a / b), Is.All.EqualTo(Math.Abs(factor - 1)).Within(1e-9), $"factor {factor}");
        }
    }

    [Test]
    public void Only_scores_that_are_evaluated_can_disagree()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 4);
        using var density = new LogDensityEstimator(flow);
        Assert.That(density.Estimate(points, ExactTask.First).Disagreements, Is.Null, "a log-density has no score");
        using var off = new LogRatioEstimator(flow, new EstimationOptions { TrackDisagreement = false });
        Assert.That(off.Estimate(points, ExactTask.First, ExactTask.Second).Disagreements, Is.Null);
    }

    [Test]
    public void Tracking_changes_no_value([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 4);
        using var on = new LogRatioEstimator(flow, options);
        using var off = new LogRatioEstimator(flow, options with { TrackDisagreement = false });
        Assert.That(
            on.Estimate(points, ExactTask.First, ExactTask.Second).Values,
            Is.EqualTo(off.Estimate(points, ExactTask.First, ExactTask.Second).Values),
            "same bits");
    }

    private static IReadOnlyList<double> Largest(GaussianFlow flow, EstimationOptions options)
    {
        using var estimator = new LogRatioEstimator(flow, options);
        return estimator.Estimate(ExactTask.Points(flow, ExactTask.First, 8), ExactTask.First, ExactTask.Second).Disagreements!;
    }
}
