using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FlowRatio.Tests.Estimation;

/// <summary>What must hold for any points, split, order, number of threads and way of integration.</summary>
public sealed class RatioPropertyTests
{
    private const int Dimension = 5;

    // Fixed cases, the same on every machine; a failure prints the smallest one that FsCheck finds.
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(12).WithReplay(20_240_601, 7);

    private static readonly FlowModel Model = ExactTask.Model([3]);

    private static readonly EstimationOptions[] Ways =
    [
        new() { Steps = 3 },
        new() { Steps = 3, Divergence = DivergenceMethod.Exact, Field = SimulatingField.Unconditional },
        new() { Adaptive = new AdaptiveOptions(1e-4, 1e-4), Divergence = DivergenceMethod.Hutchinson(3) },
        new() { Adaptive = new AdaptiveOptions(1e-2, 1e-3), Divergence = DivergenceMethod.Exact, Field = SimulatingField.Numerator },
        new() { Quadrature = QuadratureOptions.WithNodes(5), Divergence = DivergenceMethod.Hutchinson(2) },
        new()
        {
            Quadrature = QuadratureOptions.ToTolerance(1e-2, 16),
            Field = SimulatingField.Numerator,
            Divergence = DivergenceMethod.Hutchinson(2),
        },
    ];

    private static readonly Condition First = new(0), Second = new(1);

    private static Arbitrary<(int Count, int Split, int ChunkRows, int Threads, int FirstSample)> Batches => (
        from count in Gen.Choose(2, 45)
        from split in Gen.Choose(1, count - 1)
        from chunkRows in Gen.Choose(1, 50)
        from threads in Gen.Choose(1, 3)
        from firstSample in Gen.Choose(0, 1000)
        select (count, split, chunkRows, threads, firstSample)).ToArbitrary();

    private static Arbitrary<int> Seeds => Gen.Choose(1, 100_000).ToArbitrary();

    [Test]
    public void A_batch_can_be_split_anywhere([ValueSource(nameof(Ways))] EstimationOptions options) =>
        Prop.ForAll(Batches, batch =>
        {
            float[] points = new RandomData((ulong)batch.Count).Normal(batch.Count * Dimension, 1.5);
            using var oneThread = new CpuBackend(1);
            using var threads = new CpuBackend(batch.Threads);
            using var whole = new LogRatioEstimator(Model, options, oneThread);
            using var parts = new LogRatioEstimator(Model, options with { ChunkRows = batch.ChunkRows }, threads);
            EstimationResult all = whole.Estimate(points, First, Second, batch.FirstSample);

            // The later part first: the number of a point chooses its probes, not the order of the calls.
            int at = batch.Split * Dimension;
            EstimationResult after = parts.Estimate(points.AsSpan(at), First, Second, batch.FirstSample + batch.Split);
            EstimationResult before = parts.Estimate(points.AsSpan(0, at), First, Second, batch.FirstSample);
            Assert.That(ExactTask.Rows(before).Concat(ExactTask.Rows(after)), Is.EqualTo(ExactTask.Rows(all)), "same bits");
        }).Check(Few);

    [Test]
    public void The_midpoint_field_is_antisymmetric_to_the_bit([ValueSource(nameof(Ways))] EstimationOptions options) =>
        Prop.ForAll(Seeds, seed =>
        {
            float[] points = new RandomData((ulong)seed).Normal(9 * Dimension, 1.5);
            using var backend = new CpuBackend(1);
            using var estimator = new LogRatioEstimator(Model, options with { Field = SimulatingField.Midpoint }, backend);
            EstimationResult forward = estimator.Estimate(points, First, Second, seed);
            EstimationResult backward = estimator.Estimate(points, Second, First, seed);
            Assert.That(backward.Values, Is.EqualTo(forward.Values.Select(value => -value)));
            Assert.That(backward.Disagreements, Is.EqualTo(forward.Disagreements));
            Assert.That(backward.Trajectories, Is.EqualTo(forward.Trajectories));
            Assert.That(forward.Values, Is.All.Not.Zero);
        }).Check(Few);

    [Test]
    public void A_condition_against_itself_is_exactly_zero([ValueSource(nameof(Ways))] EstimationOptions options) =>
        Prop.ForAll(Seeds, seed =>
        {
            float[] points = new RandomData((ulong)seed).Normal(9 * Dimension, 1.5);
            using var backend = new CpuBackend(2);
            foreach (SimulatingField field in new[]
                     {
                         SimulatingField.Numerator, SimulatingField.Unconditional, SimulatingField.Midpoint,
                         SimulatingField.Denominator, SimulatingField.Of(Second),
                     })
            {
                using var estimator = new LogRatioEstimator(Model, options with { Field = field }, backend);
                Assert.That(estimator.Estimate(points, First, First, seed).Values, Is.All.Zero, $"{field}");
            }
        }).Check(Few.WithMaxTest(4));

    [Test]
    public void Ratios_of_exact_fields_obey_the_chain_rule(
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Fields))] SimulatingField field,
        [ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule) =>
        Prop.ForAll(Seeds, seed =>
        {
            using var backend = new ReferenceBackend();
            GaussianFlow flow = ExactTask.Flow(backend, schedule, (ulong)seed, dimension: 3);
            float[] points = ExactTask.Points(flow, ExactTask.First, 4, (ulong)seed);
            using var estimator = new LogRatioEstimator(flow, new EstimationOptions
            {
                Field = field,
                Adaptive = new AdaptiveOptions(1e-6, 1e-6),
                Divergence = DivergenceMethod.Exact,
            });
            IReadOnlyList<double> Ratio(Condition a, Condition b) => estimator.Estimate(points, a, b).Values;
            IEnumerable<double> chained = Ratio(ExactTask.First, ExactTask.Second).Zip(
                Ratio(ExactTask.Second, ExactTask.Third), (a, b) => a + b);

            // Three trajectories, each within the bound of the adaptive tests: 3e-5.
            Assert.That(chained, Is.EqualTo(Ratio(ExactTask.First, ExactTask.Third)).Within(1e-4));
        }).Check(Few.WithMaxTest(6));
}
