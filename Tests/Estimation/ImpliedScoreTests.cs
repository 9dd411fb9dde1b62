using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Scores that come in part from the velocity (<see cref="EstimationOptions.ImpliedScore"/>).</summary>
public sealed class ImpliedScoreTests
{
    private const int Points = 16;

    private static readonly EstimationOptions[] Ways =
    [
        new() { Divergence = DivergenceMethod.Exact },
        new() { Divergence = DivergenceMethod.Exact, Adaptive = new AdaptiveOptions(1e-4, 1e-4) },
        new() { Divergence = DivergenceMethod.Exact, Quadrature = QuadratureOptions.WithNodes(8) },
    ];

    private readonly ReferenceBackend reference = new();

    [OneTimeTearDown]
    public void DisposeBackend() => reference.Dispose();

    [Test]
    public void Exact_scores_stay_what_they_are(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule,
        [ValueSource(nameof(Ways))] EstimationOptions options,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field)
    {
        options = options with { Field = field };
        GaussianFlow flow = ExactTask.Flow(reference, schedule);
        double[] published = Ratios(flow, options);

        // The identity holds exactly, so nothing moves but roundings of float64.
        Assert.That(Ratios(flow, options with { ImpliedScore = 0.7 }), Is.EqualTo(published).Within(1e-10));
    }

    [Test]
    public void A_wrong_score_counts_for_less([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        options = options with { Field = SimulatingField.Unconditional };
        double[] truth = Ratios(ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1)), options);
        var flow = new GaussianFlow(reference, PathSchedule.NoiseAtData(0.1), ExactTask.Targets()) { ScoreFactor = 1.3 };
        double Error(double share) => ConvergenceOrder.RootMeanSquare(truth, Ratios(flow, options with { ImpliedScore = share }));
        double alone = Error(0), half = Error(0.5), whole = Error(1);
        TestContext.Out.WriteLine($"{alone:0.000} {half:0.000} {whole:0.000} nats");
        Assert.That(half, Is.LessThan(alone), "half of it");
        Assert.That(whole, Is.LessThan(half), "what is left lies near the data");
    }

    [Test]
    public void A_log_density_has_no_score_to_blend()
    {
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        float[] points = ExactTask.Points(flow, ExactTask.First, Points);
        double[] Of(double share)
        {
            using var estimator = new LogDensityEstimator(flow, new EstimationOptions { ImpliedScore = share });
            return [.. estimator.Estimate(points, ExactTask.First).Values];
        }

        Assert.That(Of(0.7), Is.EqualTo(Of(0)));
    }

    [Test]
    public void Trained_fields_give_the_same_on_every_backend([ValueSource(nameof(Ways))] EstimationOptions options)
    {
        // Random networks: the identity does not hold, so that the share matters.
        options = options with { ImpliedScore = 0.7, Adaptive = null };
        float[] points = new RandomData(4).Uniform(5 * Points, -2, 2);
        double[] Of(EstimationOptions options, ComputeBackend backend)
        {
            using var estimator = new LogRatioEstimator(ExactTask.Model([2]), options, backend);
            return [.. estimator.Estimate(points, ExactTask.First, ExactTask.Second).Values];
        }

        using var cpu = new CpuBackend(2);
        double[] expected = Of(options, reference);
        Assert.That(Of(options with { ImpliedScore = 0 }, reference), Is.Not.EqualTo(expected).Within(1e-3));
        Assert.That(Of(options, cpu), Is.EqualTo(expected).Within(1e-4));
    }

    [TestCase(-0.1)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) => Assert.That(
        () => new EstimationOptions { ImpliedScore = share }.Validate(),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ImpliedScore"));

    private static double[] Ratios(GaussianFlow flow, EstimationOptions options)
    {
        using var estimator = new LogRatioEstimator(flow, options);
        return [.. estimator.Estimate(ExactTask.Points(flow, ExactTask.First, Points), ExactTask.First, ExactTask.Second).Values];
    }
}
