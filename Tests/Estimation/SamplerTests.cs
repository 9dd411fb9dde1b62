using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Generated points: their distribution, and that each is a function of seed and number alone.</summary>
public sealed class SamplerTests
{
    private readonly ReferenceBackend reference = new();
    private readonly CpuBackend cpu = new(2);

    [OneTimeTearDown]
    public void DisposeBackends()
    {
        reference.Dispose();
        cpu.Dispose();
    }

    [Test]
    public void Samples_have_the_moments_of_the_target([ValueSource(typeof(ExactTask), nameof(ExactTask.Schedules))] PathSchedule schedule)
    {
        const int count = 4000, dimension = 3;
        GaussianFlow flow = ExactTask.Flow(reference, schedule, seed: 2, dimension);
        GaussianDistribution target = flow.Target(ExactTask.Second).Smooth(schedule.SigmaSquared(1));
        using var sampler = new Sampler(flow, new EstimationOptions { Seed = 21 });
        float[] points = sampler.Sample(ExactTask.Second, count);
        for (int i = 0; i < dimension; i++)
        {
            (double mean, _, double error) = Statistics.Moments([.. Column(points, dimension, i)]);
            Assert.That(mean, Is.EqualTo(target.Mean[i]).Within(Statistics.Limit * error), $"mean {i}");
            for (int j = 0; j <= i; j++)
            {
                double[] products = [.. Column(points, dimension, i).Zip(
                    Column(points, dimension, j), (a, b) => (a - target.Mean[i]) * (b - target.Mean[j]))];
                (double covariance, _, double spread) = Statistics.Moments(products);
                Assert.That(covariance, Is.EqualTo(target.Covariance[i, j]).Within(Statistics.Limit * spread), $"covariance {i} {j}");
            }
        }
    }

    [Test]
    public void More_steps_change_nothing_that_can_be_seen()
    {
        // 1e-5: RK4 with 40 steps errs by less than 1e-6 here, and floats near 4 have 2e-7 of their own.
        GaussianFlow flow = ExactTask.Flow(reference, PathSchedule.NoiseAtData(0.1));
        using var coarse = new Sampler(flow, new EstimationOptions { Steps = 40 });
        using var fine = new Sampler(flow, new EstimationOptions { Steps = 80 });
        Assert.That(coarse.Sample(ExactTask.First, 20), Is.EqualTo(fine.Sample(ExactTask.First, 20)).Within(1e-5));
    }

    [Test]
    public void A_sample_depends_on_seed_and_number_alone([Values(1, 7, 64, 1000)] int chunkRows)
    {
        FlowModel model = ExactTask.Model([2]);
        using var whole = new Sampler(model, new EstimationOptions { Seed = 4 }, cpu);
        using var parts = new Sampler(model, new EstimationOptions { Seed = 4, ChunkRows = chunkRows });
        using var other = new Sampler(model, new EstimationOptions { Seed = 5 }, cpu);
        float[] all = whole.Sample(new Condition(1), 100);
        float[] split = [.. parts.Sample(new Condition(1), 33), .. parts.Sample(new Condition(1), 67, firstSample: 33)];
        Assert.That(split, Is.EqualTo(all), "same bits");
        Assert.That(all.Chunk(5).Select(row => row[0]).Distinct().Count(), Is.EqualTo(100));
        Assert.That(other.Sample(new Condition(1), 100).Intersect(all), Is.Empty);
        Assert.That(whole.Sample(new Condition(0), 100).Intersect(all), Is.Empty);
    }

    [Test]
    public void Samples_come_in_the_units_of_the_data()
    {
        var map = new Standardization([1, -2, 0, 4, 0.5f], [2, 0.5f, 1, 4, 0.25f]);
        using var plain = new Sampler(ExactTask.Model([2]), null, cpu);
        using var mapped = new Sampler(ExactTask.Model([2], map), null, cpu);
        float[] expected = [.. plain.Sample(new Condition(1), 20).Select((z, i) => (float)(map.Mean[i % 5] + (map.Scale[i % 5] * z)))];
        Assert.That(mapped.Sample(new Condition(1), 20), Is.EqualTo(expected), "same bits: the scales are powers of two");
    }

    [Test]
    public void Progress_ends_with_all_points_and_cancellation_stops()
    {
        FlowModel model = ExactTask.Model([2]);
        using var sampler = new Sampler(model, new EstimationOptions { ChunkRows = 8 }, cpu);
        var progress = new Reports();
        sampler.Sample(new Condition(0), 20, progress: progress);
        Assert.That(progress.Values, Is.EqualTo(new EstimationProgress[] { new(8, 20), new(16, 20), new(20, 20) }));
        Assert.That(
            () => sampler.Sample(new Condition(0), 20, cancellation: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        using var sampler = new Sampler(ExactTask.Model([2]), null, cpu);
        Assert.That(() => sampler.Sample(new Condition(2), 1), Throws.ArgumentException);
        Assert.That(() => sampler.Sample(new Condition(0), 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => sampler.Sample(new Condition(0), 1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

        // Five coordinates of each make the product overflow: to a length that no array has, and to one that is possible.
        foreach (int count in (int[])[int.MaxValue, 1 << 30])
        {
            Assert.That(
                () => sampler.Sample(new Condition(0), count),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("count").And.Message.Contains($"{count}"));
        }
    }

    private static IEnumerable<double> Column(float[] points, int dimension, int column) =>
        points.Chunk(dimension).Select(row => (double)row[column]);

    private sealed class Reports : IProgress<EstimationProgress>
    {
        public List<EstimationProgress> Values { get; } = [];

        public void Report(EstimationProgress value) => Values.Add(value);
    }
}
