using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Batches and path samples: the random choices are integers that every backend must share.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractTrainingTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const ulong Seed = 0xFEDC_BA98_7654_3210;

    private static readonly PathSchedule[] Schedules =
    [
        PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5), PathSchedule.General(0.2, 0.3),
    ];

    [Test]
    [Covers(nameof(ComputeBackend.SelectRows))]
    public void Selected_rows_are_the_same_integers(
        [Values(1, 2, 33, 1000)] int population,
        [Values(1, 7, 33, 257)] int rows,
        [Values(0L, 1L, 12_345L, 5_000_000_000L)] long step)
    {
        CompareExactly(
            "rows",
            w =>
            {
                IndexBuffer selected = w.Indices(new int[rows]);
                w.Backend.SelectRows(population, Seed, step, selected);
                return Workspace.Read(selected);
            });
    }

    [Test]
    [Covers(nameof(ComputeBackend.SelectConditions))]
    public void Selected_conditions_are_the_same_integers(
        [Values(0, 0.3, 1)] double dropProbability, [Values(0, 3)] int covariate, [Values(0L, 5_000_000_000L)] long step)
    {
        var data = new RandomData(41);
        int[] categories = data.Integers(50, -1, 6);
        int[] rows = data.Integers(257, 0, 50);
        CompareExactly(
            "conditions",
            w =>
            {
                IndexBuffer selected = w.Indices(new int[rows.Length]);
                w.Backend.SelectConditions(
                    w.Indices(categories), w.Indices(rows), dropProbability, covariate, Seed, step, selected);
                return Workspace.Read(selected);
            });
    }

    [Test]
    [Covers(nameof(ComputeBackend.SamplePath))]
    public void Path_samples_agree(
        [ValueSource(nameof(Schedules))] PathSchedule schedule,
        [Values(1, 7, 33, 257)] int rows,
        [Values(1, 2, 10, 21, 64)] int columns,
        [Values] bool mirrored)
    {
        Check(schedule, rows, columns, 7, Placement.Whole, mirrored);
    }

    [Test]
    public void Path_samples_agree_wherever_the_data_lie(
        [Values] Placement placement, [Values(0L, 5_000_000_000L)] long step)
    {
        Check(PathSchedule.NoiseOnPath(0.5), 33, 10, step, placement);
    }

    [Test]
    [Covers(nameof(ComputeBackend.AverageTargets))]
    public void Averaged_targets_agree(
        [ValueSource(nameof(Schedules))] PathSchedule schedule,
        [Values(1, 33, 70)] int rows,
        [Values(1, 3, 10, 21)] int columns,
        [Values(1, 5, 64)] int references)
    {
        var random = new RandomData(43);
        HostMatrix data = random.Matrix(50, columns);
        int[] chosen = random.Integers(rows, 0, 50), groups = random.Integers(rows, 0, 3);
        int[] others = random.Integers(references, 0, 50), otherGroups = random.Integers(references, 0, 3);
        double[] times = [];
        double[] Run(Workspace w)
        {
            PathBatch batch = w.Batch(rows, columns);
            Matrix input = w.Input(data);
            w.Backend.SamplePath(schedule, input, w.Indices(chosen), Seed, 11, false, batch);
            w.Backend.AverageTargets(
                schedule, input, w.Indices(chosen), w.Indices(groups), w.Indices(others), w.Indices(otherGroups), batch);
            times = Workspace.Read(batch.Times);
            return [.. Workspace.Read(batch.VelocityTarget), .. Workspace.Read(batch.ScoreTarget)];
        }

        On(Reference, Run);
        double u = Backend.UnitRoundoff;
        List<double> velocities = [], scores = [];
        for (int r = 0; r < rows; r++)
        {
            // An exponent is a sum of squares near (|x_t| + |x_1|)^2 over 2 sigma^2, and time and sigma are rounded; a weight is as wrong relatively as its
            // exponent absolutely, and a mean of points 5 apart 5 times as much. Weights cut off at 1e-6 may lie on either side of it.
            double t = times[r], sigma = schedule.Sigma(t), slope = schedule.ScoreWeight(t) / (sigma * sigma);
            double deviation = 8 * Math.Sqrt(columns) / sigma;
            double exponent = u * ((columns + ErrorBound.Elementwise) * 50 * columns / (sigma * sigma) + (deviation * deviation / sigma));
            double weights = Backend.UnitRoundoff > 1e-10 ? Math.Min(1, exponent + (references * 1e-6)) : exponent;
            for (int j = 0; j < columns; j++)
            {
                double plain = ErrorBound.Of(u, 2, 20 + (10 * Math.Abs(schedule.SigmaPrime(t))));
                velocities.Add(plain + (8 * slope * weights));
                scores.Add(plain + (8 * t * slope * weights));
            }
        }

        Compare("averaged targets", Run, [.. velocities, .. scores]);
    }

    private void Check(PathSchedule schedule, int rows, int columns, long step, Placement placement, bool mirrored = false)
    {
        var random = new RandomData(42);
        HostMatrix data = random.Matrix(50, columns);
        int[] chosen = random.Integers(rows, 0, 50);
        double[] Run(Workspace w)
        {
            PathBatch batch = w.Batch(rows, columns);
            w.Backend.SamplePath(schedule, w.Input(data, placement), w.Indices(chosen), Seed, step, mirrored, batch);
            Matrix[] results = [batch.Times, batch.ScoreWeight, batch.Points, batch.VelocityTarget, batch.ScoreTarget];
            return [.. results.SelectMany(Workspace.Read)];
        }

        // Schedules are evaluated in float64 at the unrounded time (sigma' is steep near t = 1, where a rounded time would cost
        // several digits); the deviates and the results may be rounded. Every value is then one or two rounded products.
        List<double> times = [], weights = [], points = [], velocities = [], scores = [];
        for (int r = 0; r < rows; r++)
        {
            int noiseRow = PathSampler.NoiseRow(r, mirrored);
            double t = PathSampler.Time(schedule, Seed, step, noiseRow);
            double sigma = schedule.Sigma(t), sigmaPrime = schedule.SigmaPrime(t);
            times.Add(t);
            weights.Add(schedule.SigmaSquared(t) + Math.Abs(t * schedule.SigmaSigmaPrime(t)));
            for (int j = 0; j < columns; j++)
            {
                double target = Math.Abs(data[0, chosen[r], j]);
                double noise = Math.Abs(PathSampler.Noise(Seed, step, noiseRow, j >> 2).Normal(j & 3));

                // A deviate near zero is a cosine near zero, which float arithmetic gets right only to its roundoff: hence the 7,
                // which exceeds the largest radius of Box and Muller.
                double deviate = noise + (noise < 1 ? 7 : 0);
                points.Add((t * target) + (sigma * deviate));
                velocities.Add(target + (Math.Abs(sigmaPrime) * deviate));
                scores.Add((sigma + Math.Abs(t * sigmaPrime)) * deviate);
            }
        }

        Compare("path samples", Run, ErrorBound.Of(Backend, 2, [.. times, .. weights, .. points, .. velocities, .. scores]));
    }
}
