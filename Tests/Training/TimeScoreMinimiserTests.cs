using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Training;

/// <summary>
/// The exact time score of two Gaussians minimises every loss. Losses are quadratic in s, so along s + delta h the loss is
/// L + slope delta + curvature delta^2: the slope must vanish within its Monte-Carlo error for any h, and the curvature is positive.
/// </summary>
public sealed class TimeScoreMinimiserTests
{
    private const int Dimension = 2;
    private const int Rows = 100;
    private const int Batches = 150;

    private static readonly Direction[] Directions =
    [
        new("1", (_, _) => 1, (_, _) => 0),
        new("t", (_, t) => t, (_, _) => 1),
        new("sin 5t", (_, t) => Math.Sin(5 * t), (_, t) => 5 * Math.Cos(5 * t)),
        new("x1 (1-t)", (x, t) => x[0] * (1 - t), (x, _) => -x[0]),
        new("x2^2 t", (x, t) => x[1] * x[1] * t, (x, _) => x[1] * x[1]),
    ];

    private static IEnumerable<TimeScorePath> Paths =>
        from path in (TimeScorePath[])[TimeScorePath.OneSided, TimeScorePath.TwoSided(), TimeScorePath.TwoSided(0.3)]
        from weighting in Enum.GetValues<TimeScoreWeighting>()
        select path with { Weighting = weighting, Factor = 1.3 };

    private static IEnumerable<TimeScorePath> ObjectivePaths => Paths.Where(path => path.Weighting == TimeScoreWeighting.ObjectiveVariance);

    [TestCaseSource(nameof(ObjectivePaths))]
    public void Conditional_targets_have_the_time_score_as_their_mean(TimeScorePath path)
    {
        // Exactly: E[sqrt(lambda) g | x_t = x] from the joint Gaussian against sqrt(lambda) d/dt log p_t(x).
        GaussianTimeScore exact = Exact(path);
        foreach (double t in (double[])[0.01, 0.3, 0.7, 0.99])
        {
            foreach (float[] point in exact.At(t).Sample(5, 7).Chunk(Dimension))
            {
                Vector<double> x = Split(point)[0];
                double expected = Math.Sqrt(path.Weight(t)) * exact.Value(x, t);
                Assert.That(exact.ConditionalTarget(x, t).Sum(), Is.EqualTo(expected).Within(1e-9 * Math.Max(1, Math.Abs(expected))), $"t = {t}");
            }
        }
    }

    [TestCaseSource(nameof(Paths))]
    public void The_exact_score_minimises_time_score_matching(TimeScorePath path)
    {
        GaussianTimeScore exact = Exact(path);
        Check(path, null, (w, sample) =>
        {
            double[] s = sample.Each(exact.Value), slope = sample.Each(exact.Slope);
            double[] atSource = sample.AtSources(x => exact.Value(x, path.FirstTime));
            double[] atTarget = sample.AtTargets(x => exact.Value(x, path.LastTime));
            Matrix output = w.Output(Rows, 1, 4), gradient = w.Output(Rows, 1, 4);
            Accumulator loss = w.Sums(1);
            return (direction, delta) =>
            {
                double[] Move(double[] values, double[] along) => [.. values.Zip(along, (value, h) => value + (delta * h))];
                double[][] segments =
                [
                    Move(s, sample.Each(direction.Value)),
                    Move(atSource, sample.AtSources(x => direction.Value(x, path.FirstTime))),
                    Move(atTarget, sample.AtTargets(x => direction.Value(x, path.LastTime))),
                    Move(slope, sample.Each(direction.Slope)),
                ];
                for (int segment = 0; segment < 4; segment++)
                {
                    output.Write<double>(segments[segment], segment);
                }

                w.Backend.TimeScoreLoss(
                    output,
                    sample.Batch.Weight,
                    sample.Batch.WeightSlope,
                    path.Weight(path.FirstTime),
                    path.Weight(path.LastTime),
                    0,
                    loss,
                    gradient);
                return Workspace.Read(loss)[0];
            };
        });
    }

    [TestCaseSource(nameof(ObjectivePaths))]
    public void The_exact_score_minimises_conditional_matching(TimeScorePath path)
    {
        GaussianTimeScore exact = Exact(path);
        Check(path, 1, (w, sample) =>
        {
            double[] s = sample.Each(exact.Value);
            return (direction, delta) =>
                SquaredError(w, sample, [.. s.Zip(sample.Each(direction.Value), (value, h) => value + (delta * h))]);
        });
    }

    [TestCaseSource(nameof(ObjectivePaths))]
    public void The_exact_conditional_mean_minimises_the_loss_per_coordinate(TimeScorePath path)
    {
        GaussianTimeScore exact = Exact(path);
        Check(path, Dimension, (w, sample) =>
        {
            double[][] minimiser = [.. Enumerable.Range(0, Dimension).Select(
                j => sample.Each((x, t) => exact.ConditionalTarget(x, t)[j] / Math.Sqrt(path.Weight(t))))];
            return (direction, delta) =>
            {
                // The second coordinate alone is disturbed: with a swapped coordinate in the targets the slope would not vanish.
                double[] h = sample.Each(direction.Value);
                return SquaredError(
                    w, sample, [.. Enumerable.Range(0, Rows).SelectMany(r => (double[])[minimiser[0][r], minimiser[1][r] + (delta * h[r])])]);
            };
        });
    }

    // prepare(workspace, sample) gives the batch's loss as a function of direction and delta, quadratic in delta.
    private static void Check(
        TimeScorePath path, int? targetColumns, Func<Workspace, Sample, Func<Direction, double, double>> prepare)
    {
        double[,] slopes = new double[Directions.Length, Batches], curvatures = new double[Directions.Length, Batches];
        using var backend = new ReferenceBackend();
        for (int batch = 0; batch < Batches; batch++)
        {
            using var w = new Workspace(backend);
            Func<Direction, double, double> loss = prepare(w, Draw(w, path, batch, targetColumns));
            for (int i = 0; i < Directions.Length; i++)
            {
                double ahead = loss(Directions[i], 1), here = loss(Directions[i], 0), behind = loss(Directions[i], -1);
                slopes[i, batch] = (ahead - behind) / 2;
                curvatures[i, batch] = ((ahead + behind) / 2) - here;
            }
        }

        for (int i = 0; i < Directions.Length; i++)
        {
            string name = Directions[i].Name;
            (double slope, _, double error) = Statistics.Moments([.. Enumerable.Range(0, Batches).Select(batch => slopes[i, batch])]);
            double curvature = Enumerable.Range(0, Batches).Average(batch => curvatures[i, batch]);
            Assert.That(slope, Is.Zero.Within(Statistics.Limit * error), $"slope along {name}");
            Assert.That(curvature, Is.Positive, name);

            // The error must be small enough for the slope to say something: the minimum lies within h itself of the exact score.
            Assert.That(Statistics.Limit * error / (2 * curvature), Is.LessThan(1), $"power along {name}");
        }
    }

    private static double SquaredError(Workspace w, Sample sample, double[] prediction)
    {
        Matrix target = sample.Batch.Target!;
        Matrix output = w.Output(Rows, target.Columns);
        output.Write<double>(prediction);
        Accumulator loss = w.Sums(1);
        w.Backend.SquaredError(output, target, sample.Batch.RootWeight, 0, loss, w.Output(Rows, target.Columns));
        return Workspace.Read(loss)[0];
    }

    private static Sample Draw(Workspace w, TimeScorePath path, int batch, int? targetColumns)
    {
        ulong seed = 1000 + (ulong)batch;
        HostMatrix source = new(1, Rows, Dimension, Source(path).Sample(Rows, 2 * seed));
        HostMatrix target = new(1, Rows, Dimension, TargetOf().Sample(Rows, (2 * seed) + 1));
        var filled = new TimeScoreBatch(
            w.Output(Rows, Dimension), w.Output(Rows, 1), w.Output(Rows, 1), w.Output(Rows, 1), w.Output(Rows, 1),
            targetColumns is { } columns ? w.Output(Rows, columns) : null);
        w.Backend.SampleTimeScorePath(path, w.Input(source), w.Input(target), 5, batch, filled);
        return new Sample(filled, Split(Workspace.Read(filled.Points)), Workspace.Read(filled.Times), Split(source.Values), Split(target.Values));
    }

    private static GaussianDistribution Source(TimeScorePath path) =>
        path.IsTwoSided ? GaussianDistribution.Random(Dimension, 21, 0.5) : GaussianDistribution.Standard(Dimension);

    private static GaussianDistribution TargetOf() => GaussianDistribution.Random(Dimension, 22);

    private static GaussianTimeScore Exact(TimeScorePath path) => new(path, Source(path), TargetOf());

    private static Vector<double>[] Split(IEnumerable<double> values) =>
        [.. values.Chunk(Dimension).Select(row => Vector<double>.Build.Dense(row))];

    private static Vector<double>[] Split(IEnumerable<float> values) => Split(values.Select(value => (double)value));

    /// <summary>A direction h(x, t) of disturbance, and dh/dt.</summary>
    private sealed record Direction(string Name, Func<Vector<double>, double, double> Value, Func<Vector<double>, double, double> Slope);

    private sealed record Sample(
        TimeScoreBatch Batch, Vector<double>[] Points, double[] Times, Vector<double>[] Sources, Vector<double>[] Targets)
    {
        public double[] Each(Func<Vector<double>, double, double> function) => [.. Points.Zip(Times, function)];

        public double[] AtSources(Func<Vector<double>, double> function) => [.. Sources.Select(function)];

        public double[] AtTargets(Func<Vector<double>, double> function) => [.. Targets.Select(function)];
    }
}
