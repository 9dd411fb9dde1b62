using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Paths;

/// <summary>The random choices of training: epochs, dropped conditions, times, noise, and the identity of path samples.</summary>
public sealed class PathSamplerTests
{
    private const ulong Seed = 111;

    private static readonly PathSchedule[] Schedules =
    [
        PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5), PathSchedule.General(0.2, 0.3),
    ];

    [Test]
    public void Every_epoch_has_every_row_once([Values(1, 2, 10, 100, 1001)] int population)
    {
        for (long epoch = 0; epoch < 4; epoch++)
        {
            Assert.That(Epoch(population, epoch).Order(), Is.EqualTo(Enumerable.Range(0, population)), $"epoch {epoch}");
        }
    }

    [Test]
    public void Epochs_differ()
    {
        // Also beyond 2^32, where the epoch's high word counts.
        long[] epochs = [0, 1, 2, 1L << 32, (1L << 32) + 1];
        Assert.That(epochs.Select(epoch => string.Join(' ', Epoch(50, epoch))), Is.Unique);
    }

    [Test]
    public void Batches_tile_the_epochs()
    {
        // Batches of 7 from 10 rows: 30 positions make three whole epochs, wherever the batches end.
        using var backend = new ReferenceBackend();
        using IndexBuffer rows = backend.CreateIndices(7);
        List<int> all = [];
        for (long step = 0; all.Count < 30; step++)
        {
            backend.SelectRows(10, Seed, step, rows);
            all.AddRange(Workspace.Read(rows));
        }

        foreach (int[] epoch in all.Take(30).Chunk(10))
        {
            Assert.That(epoch.Order(), Is.EqualTo(Enumerable.Range(0, 10)));
        }
    }

    [Test]
    public void Drops_have_their_frequency([Values(0.1, 0.5, 0.9)] double probability, [Values(0, 1)] int covariate)
    {
        bool[] drops = Drops(probability, covariate);
        double error = Math.Sqrt(probability * (1 - probability) / drops.Length);
        Assert.That(
            (double)drops.Count(drop => drop) / drops.Length, Is.EqualTo(probability).Within(Statistics.Limit * error));
    }

    [Test]
    public void Drops_are_never_or_always_at_the_ends()
    {
        Assert.That(Drops(0, 0), Is.All.False);
        Assert.That(Drops(1, 0), Is.All.True);
    }

    [Test]
    public void Covariates_are_dropped_independently()
    {
        // Both dropped together with probability p^2 = 1/4.
        bool[] first = Drops(0.5, 0), second = Drops(0.5, 1);
        double both = (double)first.Zip(second, (a, b) => a && b).Count(drop => drop) / first.Length;
        Assert.That(both, Is.EqualTo(0.25).Within(Statistics.Limit * Math.Sqrt(0.25 * 0.75 / first.Length)));
    }

    [Test]
    public void Times_are_uniform_below_the_latest([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        const int count = 100_000;
        double[] times = [.. Enumerable.Range(0, count).Select(i => PathSampler.Time(schedule, Seed, i / 500, i % 500))];
        Assert.That(times, Is.All.InRange(0.0, Math.BitDecrement(schedule.LatestTime)));

        // Kolmogorov's critical value at level 1e-6.
        Assert.That(
            Statistics.KolmogorovDistance(times, t => t / schedule.LatestTime), Is.LessThan(2.69 / Math.Sqrt(count)));
    }

    [Test]
    public void Noise_has_its_own_block_for_every_row_column_group_and_step()
    {
        Assert.That(
            new[]
            {
                PathSampler.Noise(Seed, 0, 0, 0), PathSampler.Noise(Seed, 0, 1, 0), PathSampler.Noise(Seed, 0, 0, 1),
                PathSampler.Noise(Seed, 1, 0, 0), PathSampler.Noise(Seed, 1L << 32, 0, 0), PathSampler.Noise(Seed + 1, 0, 0, 0),
            },
            Is.Unique);
    }

    [Test]
    public void Score_target_is_t_times_velocity_minus_point([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        const int rows = 300;
        const int columns = 6;
        HostMatrix data = new RandomData(112).Matrix(20, columns);
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        PathBatch batch = w.Batch(rows, columns);
        backend.SamplePath(schedule, w.Input(data), w.Indices(new RandomData(113).Integers(rows, 0, 20)), Seed, 3, false, batch);
        double[] times = Workspace.Read(batch.Times), weights = Workspace.Read(batch.ScoreWeight);
        double[] points = Workspace.Read(batch.Points), velocities = Workspace.Read(batch.VelocityTarget);
        double[] scores = Workspace.Read(batch.ScoreTarget);

        // Rounding of numbers of order 10, where sigma' is not yet steep: t below 0.999.
        Assert.That(times.Count(t => t < 0.999), Is.GreaterThan(rows * 9 / 10));
        for (int i = 0; i < points.Length; i++)
        {
            double t = times[i / columns];
            if (t < 0.999)
            {
                Assert.That(scores[i], Is.EqualTo((t * velocities[i]) - points[i]).Within(1e-12), $"element {i}");
            }
        }

        Assert.That(weights, Is.EqualTo(times.Select(schedule.ScoreWeight)).Within(1e-15));
    }

    [Test]
    public void Points_have_the_moments_of_the_path([Values] bool mirrored)
    {
        // One data point x_1 = 2: (x_t - 2 t) / sigma_t must be standard normal; 20,000 values, limits of five standard errors.
        const int rows = 20_000;
        PathSchedule schedule = PathSchedule.General(0.2, 0.3);
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        PathBatch batch = w.Batch(rows, 1);
        backend.SamplePath(schedule, w.Input(new HostMatrix(1, 1, 1, [2])), w.Indices(new int[rows]), Seed, 0, mirrored, batch);
        double[] times = Workspace.Read(batch.Times);
        double[] noise = [.. Workspace.Read(batch.Points).Select((x, r) => (x - (2 * times[r])) / schedule.Sigma(times[r]))];
        (double mean, double variance, double error) = Statistics.Moments(noise);
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.Zero.Within(Statistics.Limit * error));
            Assert.That(variance, Is.EqualTo(1).Within(Statistics.Limit * Math.Sqrt(2.0 / rows)));
        });
    }

    [Test]
    public void Mirrored_rows_share_the_time_and_have_opposite_noise([ValueSource(nameof(Schedules))] PathSchedule schedule, [Values(1, 7, 64)] int rows)
    {
        const int columns = 6;
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        HostMatrix data = new RandomData(114).Matrix(20, columns);
        int[] chosen = new RandomData(115).Integers(rows, 0, 20);
        PathBatch Batch(bool mirrored)
        {
            PathBatch batch = w.Batch(rows, columns);
            backend.SamplePath(schedule, w.Input(data), w.Indices(chosen), Seed, 3, mirrored, batch);
            return batch;
        }

        double[] Noise(PathBatch batch)
        {
            double[] times = Workspace.Read(batch.Times);
            return [.. Workspace.Read(batch.Points).Select((x, i) => (x - (times[i / columns] * data[0, chosen[i / columns], i % columns])) / schedule.Sigma(times[i / columns]))];
        }

        PathBatch independent = Batch(false), paired = Batch(true);
        double[] times = Workspace.Read(paired.Times), noise = Noise(paired);
        double[] firstTimes = Workspace.Read(independent.Times), firstNoise = Noise(independent);
        for (int r = 0; r < rows; r++)
        {
            // The first of a pair is what it is without pairs; the noise is recovered by a division by sigma, here above 1e-4.
            int first = r - (r % 2);
            Assert.That(times[r], Is.EqualTo(firstTimes[first]));
            for (int j = 0; j < columns; j++)
            {
                double expected = (r == first ? 1 : -1) * firstNoise[(first * columns) + j];
                Assert.That(noise[(r * columns) + j], Is.EqualTo(expected).Within(1e-9), $"row {r}, column {j}");
            }
        }
    }

    private static int[] Epoch(int population, long epoch) => [.. Enumerable.Range(0, population).Select(
        i => PathSampler.Row(population, Seed, (epoch * population) + i))];

    private static bool[] Drops(double probability, int covariate) => [.. Enumerable.Range(0, 20_000).Select(
        i => PathSampler.Drops(probability, covariate, Seed, i / 500, i % 500))];
}
