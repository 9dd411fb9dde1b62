using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Estimates of a point have the same bits alone, in any batch, in any chunk, on any number of threads, any time.</summary>
public sealed class BatchIndependenceTests
{
    private const int Dimension = 5;
    private const int Count = 100;
    private static readonly string[] Methods = ["s1", "s2", "s3", "denominator", "condition", "log-density", "naive"];
    private static readonly FlowModel Model = SmallModel.Create(Dimension);
    private static readonly float[] Points = new RandomData(960).Normal(Count * Dimension);

    private static readonly DivergenceMethod[] Divergences =
        [DivergenceMethod.Hutchinson(2), DivergenceMethod.Hutchinson(3, perStage: false), DivergenceMethod.Exact];

    [Test]
    public void Bits_do_not_depend_on_chunks_or_threads(
        [ValueSource(nameof(Methods))] string method, [ValueSource(nameof(Divergences))] DivergenceMethod divergence)
    {
        double[] expected = Estimate(method, Options(divergence), 1, [(0, Count)]);
        foreach (int threads in new[] { 1, 2 })
        {
            foreach (int chunk in new[] { 1, 33, 1024 })
            {
                ErrorBound.CheckBits(
                    $"{threads} threads, chunks of {chunk}",
                    expected,
                    Estimate(method, Options(divergence) with { ChunkRows = chunk }, threads, [(0, Count)]));
            }
        }
    }

    [Test]
    public void Bits_do_not_depend_on_the_batch(
        [ValueSource(nameof(Methods))] string method, [ValueSource(nameof(Divergences))] DivergenceMethod divergence)
    {
        // Every point alone; batches of seven; splits inside, at and beside the CPU backend's panels of 32 rows.
        double[] expected = Estimate(method, Options(divergence), 1, [(0, Count)]);
        (int First, int Count)[][] splits =
        [
            [.. Enumerable.Range(0, Count).Select(i => (i, 1))],
            [.. Enumerable.Range(0, 15).Select(i => (7 * i, Math.Min(7, Count - (7 * i))))],
            [(0, 32), (32, 32), (64, 36)],
            [(0, 1), (1, 33), (34, 65), (99, 1)],
        ];
        foreach (var split in splits)
        {
            ErrorBound.CheckBits(
                $"split into {split.Length}", expected, Estimate(method, Options(divergence), 2, split));
        }
    }

    [Test]
    public void Repeated_estimates_have_the_same_bits([ValueSource(nameof(Methods))] string method)
    {
        // The second and third run on one estimator find the workspace of the first, the third after another batch size.
        EstimationOptions options = Options(Divergences[0]) with { ChunkRows = 33 };
        double[] expected = Estimate(method, options, 2, [(0, Count)]);
        double[] repeated = Estimate(method, options, 2, [(0, Count), (0, Count), (3, 7), (0, Count)]);
        int length = expected.Length;
        ErrorBound.CheckBits("first", expected, repeated[..length]);
        ErrorBound.CheckBits("second", expected, repeated[length..(2 * length)]);
        ErrorBound.CheckBits("after another batch", expected, repeated[^length..]);
    }

    [Test]
    public void Other_conditions_in_between_leave_no_trace()
    {
        using var backend = new CpuBackend(threads: 1);
        using var estimator = new LogRatioEstimator(Model, Options(Divergences[0]), backend);
        double[] before = [.. estimator.Estimate(Points, Model.Condition("a"), Model.Condition("b")).Values];
        estimator.Estimate(Points, Model.Condition("b"), Model.Condition("c"));
        double[] after = [.. estimator.Estimate(Points, Model.Condition("a"), Model.Condition("b")).Values];
        ErrorBound.CheckBits("after another pair", before, after);
    }

    [Test]
    public void Sample_numbers_and_seed_choose_the_probes([ValueSource(nameof(Methods))] string method)
    {
        // The converse: without it a constant probe would pass every test above.
        EstimationOptions options = Options(DivergenceMethod.Hutchinson());
        double[] first = Estimate(method, options, 1, [(0, 7)]);
        double[] otherNumbers = Estimate(method, options, 1, [(0, 7)], firstSample: 1);
        double[] otherSeed = Estimate(method, options with { Seed = 2 }, 1, [(0, 7)]);
        for (int i = 0; i < first.Length; i++)
        {
            Assert.That(otherNumbers[i], Is.Not.EqualTo(first[i]));
            Assert.That(otherSeed[i], Is.Not.EqualTo(first[i]));
        }
    }

    private static EstimationOptions Options(DivergenceMethod divergence) => new() { Steps = 3, Divergence = divergence, Seed = 1 };

    /// <summary>Values, with their standard errors where there are some, of parts estimated one after the other on one estimator.</summary>
    private static double[] Estimate(
        string method, EstimationOptions options, int threads, (int First, int Count)[] parts, int firstSample = 0)
    {
        using var backend = new CpuBackend(threads);
        Condition numerator = Model.Condition("a"), denominator = Model.Condition("b");
        SimulatingField field = method switch
        {
            "s1" => SimulatingField.Numerator,
            "s2" => SimulatingField.Unconditional,
            "denominator" => SimulatingField.Denominator,
            "condition" => SimulatingField.Of(Model.Condition("c")),
            _ => SimulatingField.Midpoint,
        };
        using var density = new LogDensityEstimator(Model, options, backend);
        using var naive = new NaiveLogRatioEstimator(Model, options, backend);
        using var ratio = new LogRatioEstimator(Model, options with { Field = field }, backend);
        return [.. parts.SelectMany(part =>
        {
            ReadOnlySpan<float> points = Points.AsSpan(part.First * Dimension, part.Count * Dimension);
            int first = firstSample + part.First;
            EstimationResult result = method switch
            {
                "log-density" => density.Estimate(points, numerator, first),
                "naive" => naive.Estimate(points, numerator, denominator, first),
                _ => ratio.Estimate(points, numerator, denominator, first),
            };

            // Value and standard error side by side, so that parts line up with the whole.
            return result.Values.SelectMany((value, i) =>
                result.StandardErrors is { } errors ? new[] { value, errors[i] } : [value]).ToArray();
        })];
    }
}
