using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Estimation;

/// <summary>Integration of time scores: of closed forms against the exact log-ratio, of networks for independence and bad input.</summary>
public sealed class TimeScoreEstimatorTests
{
    private const int Dimension = 4;

    private static readonly TimeScorePath[] Paths = [TimeScorePath.OneSided, TimeScorePath.TwoSided(), TimeScorePath.TwoSided(0.3)];

    [TestCaseSource(nameof(Paths))]
    public void The_integral_of_the_exact_time_score_is_the_exact_log_ratio(TimeScorePath path)
    {
        GaussianTimeScore exact = Exact(path);
        float[] points = [.. Source(path).Sample(20, 1), .. Target().Sample(20, 2)];
        double[] truth = [.. Target().LogDensity(points).Zip(Source(path).LogDensity(points), (q, p) => q - p)];
        double[] limited = [.. exact.At(path.LastTime).LogDensity(points).Zip(exact.At(path.FirstTime).LogDensity(points), (q, p) => q - p)];
        using var backend = new ReferenceBackend();
        using var estimator = new TimeScoreEstimator(
            rows => new ClosedForm(backend, exact, rows), Dimension, (path.FirstTime, path.LastTime), new TimeScoreIntegration { Tolerance = 1e-9 });
        EstimationResult result = estimator.Estimate(points);

        // Between the path's own end times up to the tolerance; the ends cost their distance times the score.
        for (int i = 0; i < truth.Length; i++)
        {
            Assert.That(result.Status(i), Is.EqualTo(SolveStatus.Converged));
            Assert.That(result.Values[i], Is.EqualTo(limited[i]).Within(1e-9));
            Vector<double> x = Row(points, i);
            double ends = (1e-5 * Math.Abs(exact.Value(x, path.LastTime))) + (path.FirstTime * Math.Abs(exact.Value(x, path.FirstTime)));
            Assert.That(result.Values[i], Is.EqualTo(truth[i]).Within((1.1 * ends) + 1e-8));
        }
    }

    [Test]
    public void Accuracy_follows_the_tolerance_and_work_falls_with_it()
    {
        TimeScorePath path = TimeScorePath.TwoSided(0.3);
        GaussianTimeScore exact = Exact(path);
        float[] points = Target().Sample(30, 3);
        double[] truth = [.. exact.At(path.LastTime).LogDensity(points).Zip(exact.At(path.FirstTime).LogDensity(points), (q, p) => q - p)];
        using var backend = new ReferenceBackend();
        double before = double.PositiveInfinity;
        foreach (double tolerance in (double[])[1e-10, 1e-3])
        {
            using var estimator = new TimeScoreEstimator(
                rows => new ClosedForm(backend, exact, rows), Dimension, (path.FirstTime, path.LastTime), new TimeScoreIntegration { Tolerance = tolerance });
            EstimationResult result = estimator.Estimate(points);
            Assert.That(result.Values.Zip(truth, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(tolerance + 1e-11));
            Assert.That(result.EvaluationsPerPoint, Is.LessThanOrEqualTo(before));
            before = result.EvaluationsPerPoint;
        }
    }

    [Test]
    public void A_point_that_needs_more_panels_than_allowed_keeps_its_value_and_says_so()
    {
        TimeScoreModel model = RandomModel(30);
        using var backend = new ReferenceBackend();
        using var estimator = new TimeScoreEstimator(
            model, backend, new TimeScoreIntegration { Tolerance = 1e-14, LargestPanels = 4 });
        EstimationResult result = estimator.Estimate(new RandomData(4).Normal(3 * Dimension));
        Assert.That(result.Values, Is.All.Matches<double>(double.IsFinite));
        Assert.That(result.Status(0), Is.EqualTo(SolveStatus.ToleranceNotReached));
        Assert.That(result.EvaluationsPerPoint, Is.EqualTo((2 + 4) * TimeScoreIntegration.NodesPerPanel));
    }

    [Test]
    public void Networks_agree_with_a_fine_rule_of_the_same_network([Values] bool perCoordinate)
    {
        TimeScoreModel model = RandomModel(8, perCoordinate);
        float[] points = new RandomData(5).Normal(50 * Dimension);
        using var backend = new CpuBackend(threads: 2);
        using var coarse = new TimeScoreEstimator(model, backend, new TimeScoreIntegration { Tolerance = 1e-3 });
        using var fine = new TimeScoreEstimator(model, backend, new TimeScoreIntegration { Tolerance = 1e-5, LargestPanels = 1024 });
        double[] expected = [.. fine.Estimate(points).Values];
        EstimationResult actual = coarse.Estimate(points);

        // The tolerance bounds the difference of two successive rules, and the finer one is kept.
        Assert.That(actual.Values, Is.EqualTo(expected).Within(1e-3));
        Assert.That(expected.Max(Math.Abs), Is.GreaterThan(0.1), "otherwise nothing was compared");
    }

    [Test]
    public void A_point_has_the_same_bits_in_any_batch_and_with_any_number_of_threads()
    {
        TimeScoreModel model = RandomModel(20);
        float[] points = new RandomData(6).Normal(130 * Dimension);
        double[] Run(int threads, int chunk, float[] some)
        {
            using var backend = new CpuBackend(threads);
            using var estimator = new TimeScoreEstimator(model, backend, new TimeScoreIntegration { ChunkRows = chunk });
            return [.. estimator.Estimate(some).Values];
        }

        double[] whole = Run(1, 1024, points);
        ErrorBound.CheckBits("3 threads, chunks of 33", whole, Run(3, 33, points));
        ErrorBound.CheckBits("one point", [whole[77]], Run(2, 1024, points[(77 * Dimension)..(78 * Dimension)]));
    }

    [Test]
    public void Bad_points_and_options_are_named()
    {
        TimeScoreModel model = RandomModel(1);
        using var backend = new ReferenceBackend();
        using var estimator = new TimeScoreEstimator(model, backend);
        Assert.That(() => estimator.Estimate([]), Throws.ArgumentException.With.Message.Contains("0 values"));
        Assert.That(() => estimator.Estimate(new float[Dimension + 1]), Throws.ArgumentException.With.Message.Contains("5 values"));
        float[] bad = new float[2 * Dimension];
        bad[Dimension + 1] = float.NaN;
        Assert.That(() => estimator.Estimate(bad), Throws.ArgumentException.With.Message.Contains("row 1, column 1"));
        Assert.That(
            () => new TimeScoreEstimator(model, backend, new TimeScoreIntegration { Tolerance = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new TimeScoreEstimator(model, backend, new TimeScoreIntegration { LargestPanels = 2 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new TimeScoreModel(new TimeScoreShape(2), new float[3], TimeScorePath.OneSided), Throws.ArgumentException.With.Message.Contains("3 elements"));
    }

    [Test]
    public void A_network_that_is_not_finite_is_reported()
    {
        var shape = new TimeScoreShape(Dimension) { Hidden = 4 };
        float[] parameters = new TimeScoreNetwork(shape).Initialize(1);
        parameters[^1] = float.PositiveInfinity;
        using var backend = new ReferenceBackend();
        using var estimator = new TimeScoreEstimator(new TimeScoreModel(shape, parameters, TimeScorePath.OneSided), backend);
        EstimationResult result = estimator.Estimate(new float[Dimension]);
        Assert.That(result.Values[0], Is.NaN);
        Assert.That(result.Failures.Single().Status, Is.EqualTo(SolveStatus.NonFinite));
    }

    private static GaussianDistribution Source(TimeScorePath path) =>
        path.IsTwoSided ? GaussianDistribution.Random(Dimension, 11, 0.5) : GaussianDistribution.Standard(Dimension);

    private static GaussianDistribution Target() => GaussianDistribution.Random(Dimension, 12);

    private static GaussianTimeScore Exact(TimeScorePath path) => new(path, Source(path), Target());

    private static Vector<double> Row(float[] points, int row) =>
        Vector<double>.Build.Dense([.. points.AsSpan(row * Dimension, Dimension).ToArray().Select(value => (double)value)]);

    /// <summary>A network with random weights, bent the more the larger they are.</summary>
    private static TimeScoreModel RandomModel(double scale, bool perCoordinate = false)
    {
        var shape = new TimeScoreShape(Dimension) { Hidden = 24, HiddenLayers = 2, PerCoordinate = perCoordinate };
        float[] parameters = [.. new TimeScoreNetwork(shape).Initialize(9).Select(value => (float)(Math.Sqrt(scale) * value))];
        return new TimeScoreModel(shape, parameters, TimeScorePath.TwoSided());
    }

    private sealed class ClosedForm(ComputeBackend backend, GaussianTimeScore exact, int capacity) : ITimeScore
    {
        private readonly Matrix output = backend.CreateMatrix(capacity, 1);

        public ComputeBackend Backend => backend;

        public Matrix Points { get; } = backend.CreateMatrix(capacity, Dimension);

        public void Resize(int rows)
        {
            Points.Resize(rows);
            output.Resize(rows);
        }

        public Matrix Evaluate(double t)
        {
            double[] points = Workspace.Read(Points);
            double[] values = [.. points.Chunk(Dimension).Select(x => exact.Value(Vector<double>.Build.Dense(x), t))];
            output.Write<double>(values);
            return output;
        }

        public void Dispose()
        {
            Points.Dispose();
            output.Dispose();
        }
    }
}
