using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>The overlap diagnostic: zero where score and velocity belong together.</summary>
public sealed class DisagreementTests
{
    private static readonly EstimationOptions[] Ways =
    [
        new() { Overlap = OverlapDiagnostic.Always },
        new() { Overlap = OverlapDiagnostic.Always, Adaptive = new AdaptiveOptions(1e-4, 1e-4) },
        new() { Overlap = OverlapDiagnostic.Always, Quadrature = QuadratureOptions.WithNodes(8) },
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
    public void It_is_that_of_the_scores_before_they_are_blended([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        var flow = new GaussianFlow(reference, PathSchedule.NoiseAtData(0.1), ExactTask.Targets()) { ScoreFactor = 1.3 };
        options = options with { Field = SimulatingField.Unconditional };
        Assert.That(Largest(flow, options with { ImpliedScore = 0.7 }), Is.EqualTo(Largest(flow, options)).Within(1e-12));
    }

    [Test]
    public void It_is_kept_when_it_is_free_always_or_never([Values] OverlapDiagnostic overlap)
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, 4);
        using var density = new LogDensityEstimator(flow, new EstimationOptions { Overlap = overlap });
        Assert.That(density.Estimate(points, ExactTask.First).Disagreements, Is.Null, "a log-density has no score");
        foreach (SimulatingField field in ExactTask.Fields)
        {
            using var estimator = new LogRatioEstimator(flow, new EstimationOptions { Field = field, Overlap = overlap });
            bool free = field != SimulatingField.Numerator;
            Assert.That(
                estimator.Estimate(points, ExactTask.First, ExactTask.Second).Disagreements is not null,
                Is.EqualTo(overlap == OverlapDiagnostic.Always || (overlap == OverlapDiagnostic.WhenFree && free)),
                $"{field}");
        }
    }

    [Test]
    public void Tracking_changes_no_value(
        [ValueSource(nameof(Ways))] EstimationOptions options,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field)
    {
        // S1 then evaluates a score that its ratio does not need: it must come with the factor zero.
        FlowModel model = ExactTask.Model([3]);
        float[] points = new RandomData(17).Normal(9 * 5);
        using var cpu = new CpuBackend(1);
        using var on = new LogRatioEstimator(model, options with { Field = field }, cpu);
        using var off = new LogRatioEstimator(model, options with { Field = field, Overlap = OverlapDiagnostic.Off }, cpu);
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
