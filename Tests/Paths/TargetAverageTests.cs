using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Paths;

/// <summary>Targets averaged over references: the posterior mean from its definition, the same mean as without, a smaller variance.</summary>
public sealed class TargetAverageTests
{
    private const ulong Seed = 51;
    private const int Columns = 3;

    private static readonly PathSchedule[] Schedules =
    [
        PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5),
    ];

    [Test]
    public void A_target_is_the_posterior_mean_over_the_references_and_the_own_row([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        const int rows = 40;
        HostMatrix data = new RandomData(52).Matrix(30, Columns);
        int[] chosen = new RandomData(53).Integers(rows, 0, 30), groups = new RandomData(54).Integers(rows, 0, 2);
        int[] references = new RandomData(55).Integers(12, 0, 30), referenceGroups = new RandomData(56).Integers(12, 0, 2);
        using var w = new Workspace(new ReferenceBackend());
        PathBatch batch = Sample(w, schedule, data, chosen, 0);
        Average(w, schedule, data, chosen, groups, references, referenceGroups, batch);
        double[] times = Workspace.Read(batch.Times), points = Workspace.Read(batch.Points);
        double[] velocities = Workspace.Read(batch.VelocityTarget), scores = Workspace.Read(batch.ScoreTarget);
        for (int r = 0; r < rows; r++)
        {
            double t = times[r], sigma = schedule.Sigma(t);
            int[] candidates = [chosen[r], .. references.Where((c, i) => referenceGroups[i] == groups[r] && c != chosen[r])];
            double[] logs =
            [
                .. candidates.Select(c => -Enumerable.Range(0, Columns).Sum(
                    j => Math.Pow(points[(r * Columns) + j] - (t * data[0, c, j]), 2)) / (2 * sigma * sigma)),
            ];
            double[] weights = [.. logs.Select(value => Math.Exp(value - logs.Max()))];
            for (int j = 0; j < Columns; j++)
            {
                double mean = candidates.Select((c, i) => weights[i] * data[0, c, j]).Sum() / weights.Sum();
                double noise = (points[(r * Columns) + j] - (t * mean)) / sigma;
                double expected = mean + (schedule.SigmaPrime(t) * noise);

                // Weights below 1e-6 are left out: at most 13 of them, on points a few units apart.
                double slope = schedule.ScoreWeight(t) / (sigma * sigma);
                Assert.That(velocities[(r * Columns) + j], Is.EqualTo(expected).Within(1e-9 + (1e-4 * slope)), $"row {r}");
                Assert.That(
                    scores[(r * Columns) + j],
                    Is.EqualTo((t * expected) - points[(r * Columns) + j]).Within(1e-9 + (1e-4 * slope)),
                    $"row {r}");
            }
        }
    }

    [Test]
    public void The_mean_stays_and_the_variance_falls()
    {
        // With independent rows of a population, E[target f(x_t, t)] is the same with and without the average for every f.
        const int rows = 64, batches = 150, population = 4000;
        PathSchedule schedule = PathSchedule.Deterministic;
        HostMatrix data = new RandomData(57).Matrix(population, 1);
        using var w = new Workspace(new ReferenceBackend());
        var choice = new RandomData(58);
        List<double> differences = [], plain = [], averaged = [];
        for (int step = 0; step < batches; step++)
        {
            int[] chosen = choice.Integers(rows, 0, population), references = choice.Integers(50, 0, population);
            PathBatch batch = Sample(w, schedule, data, chosen, step);
            double[] before = Workspace.Read(batch.VelocityTarget), points = Workspace.Read(batch.Points), times = Workspace.Read(batch.Times);
            Average(w, schedule, data, chosen, new int[rows], references, new int[references.Length], batch);
            double[] after = Workspace.Read(batch.VelocityTarget);
            for (int r = 0; r < rows; r++)
            {
                // For N(0, 1) data the velocity is (2 t - 1) x / (t^2 + (1 - t)^2).
                double t = times[r], velocity = ((2 * t) - 1) * points[r] / ((t * t) + ((1 - t) * (1 - t)));
                differences.Add((after[r] - before[r]) * points[r]);
                plain.Add((before[r] - velocity) * (before[r] - velocity));
                averaged.Add((after[r] - velocity) * (after[r] - velocity));
            }
        }

        (double mean, _, double error) = Statistics.Moments(differences);
        Assert.That(mean, Is.Zero.Within(Statistics.Limit * error));
        Assert.That(averaged.Average(), Is.LessThan(0.25 * plain.Average()));
    }

    [Test]
    public void With_every_row_among_the_references_each_counts_once()
    {
        // The data set itself is the distribution then, and a target its posterior mean; the own row twice would be a pull towards it.
        const int rows = 25;
        PathSchedule schedule = PathSchedule.Deterministic;
        HostMatrix data = new RandomData(61).Matrix(rows, Columns);
        int[] every = [.. Enumerable.Range(0, rows)];
        using var w = new Workspace(new ReferenceBackend());
        PathBatch batch = Sample(w, schedule, data, every, 0);
        Average(w, schedule, data, every, new int[rows], every, new int[rows], batch);
        double[] times = Workspace.Read(batch.Times), points = Workspace.Read(batch.Points), velocities = Workspace.Read(batch.VelocityTarget);
        for (int r = 0; r < rows; r++)
        {
            double t = times[r], sigma = 1 - t;
            double[] weights =
            [
                .. every.Select(c => Math.Exp(-Enumerable.Range(0, Columns).Sum(
                    j => Math.Pow(points[(r * Columns) + j] - (t * data[0, c, j]), 2)) / (2 * sigma * sigma))),
            ];
            for (int j = 0; j < Columns; j++)
            {
                double mean = every.Sum(c => weights[c] * data[0, c, j]) / weights.Sum();
                double expected = mean - ((points[(r * Columns) + j] - (t * mean)) / sigma);
                Assert.That(velocities[(r * Columns) + j], Is.EqualTo(expected).Within(1e-9 + (1e-4 / (sigma * sigma))), $"row {r}");
            }
        }
    }

    [Test]
    public void Without_references_nothing_changes()
    {
        HostMatrix data = new RandomData(59).Matrix(10, Columns);
        int[] chosen = new RandomData(60).Integers(20, 0, 10);
        using var w = new Workspace(new ReferenceBackend());
        PathBatch batch = Sample(w, PathSchedule.Deterministic, data, chosen, 0);
        double[] before = Workspace.Read(batch.VelocityTarget);
        Average(w, PathSchedule.Deterministic, data, chosen, new int[20], [1, 2], [1, 1], batch);
        Assert.That(Workspace.Read(batch.VelocityTarget), Is.EqualTo(before), "references of another group");
    }

    private static PathBatch Sample(Workspace w, PathSchedule schedule, HostMatrix data, int[] chosen, long step)
    {
        PathBatch batch = w.Batch(chosen.Length, data.Columns);
        w.Backend.SamplePath(schedule, w.Input(data), w.Indices(chosen), Seed, step, false, batch);
        return batch;
    }

    private static void Average(
        Workspace w, PathSchedule schedule, HostMatrix data, int[] chosen, int[] groups, int[] references, int[] referenceGroups, PathBatch batch) =>
        w.Backend.AverageTargets(
            schedule, w.Input(data), w.Indices(chosen), w.Indices(groups), w.Indices(references), w.Indices(referenceGroups), batch);
}
