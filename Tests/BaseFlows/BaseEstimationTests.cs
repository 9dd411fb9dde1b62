using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.BaseFlows;

/// <summary>
/// A network whose heads give nothing over a base is the base's exact flow: every estimator must then give the base's own log-ratios, with any
/// field, schedule and way of integration, and on the fast backend as on the reference.
/// </summary>
public sealed class BaseEstimationTests
{
    private const int Dimension = 5;
    private const int Points = 40;

    private static readonly Condition First = new(0), Second = new(1), Third = new(2), Empty = new(Condition.Dropped);

    private static readonly PathSchedule[] Schedules = [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5)];

    private static readonly SimulatingField[] Fields =
    [
        SimulatingField.Numerator, SimulatingField.Unconditional, SimulatingField.Midpoint, SimulatingField.Denominator,
        SimulatingField.Of(Third), SimulatingField.Of((points, _, velocity) => velocity.Clear()),
    ];

    [Test]
    public void Log_ratios_are_those_of_the_base(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [Values(0, 1, 2, 3, 4, 5)] int field)
    {
        FlowModel model = Model(schedule, residual: 0);
        var options = new EstimationOptions { Field = Fields[field], Steps = 40 };
        using var reference = new ReferenceBackend();
        using var estimator = new LogRatioEstimator(model, options, reference);
        float[] points = RandomPoints();
        Assert.That(
            estimator.Estimate(points, First, Second).Values, Is.EqualTo(Exact(model, points, First, Second)).Within(2e-3));
    }

    [Test]
    public void Every_way_of_integration_agrees([Values("adaptive", "quadrature", "exact")] string way)
    {
        FlowModel model = Model(PathSchedule.NoiseAtData(0.1), residual: 0);
        var options = new EstimationOptions { Field = SimulatingField.Midpoint };
        options = way switch
        {
            "adaptive" => options with { Adaptive = new AdaptiveOptions(1e-6, 1e-6) },
            "quadrature" => options with { Quadrature = QuadratureOptions.WithNodes(32) },
            _ => options with { Divergence = DivergenceMethod.Exact, Steps = 40 },
        };
        using var reference = new ReferenceBackend();
        using var estimator = new LogRatioEstimator(model, options, reference);
        float[] points = RandomPoints();
        Assert.That(
            estimator.Estimate(points, First, Second).Values, Is.EqualTo(Exact(model, points, First, Second)).Within(2e-3));
    }

    [Test]
    public void Ratio_tables_and_log_densities_are_those_of_the_base()
    {
        FlowModel model = Model(PathSchedule.NoiseAtData(0.1), residual: 0);
        using var reference = new ReferenceBackend();
        using var ratios = new LogRatioEstimator(model, new EstimationOptions { Steps = 40 }, reference);
        using var densities = new LogDensityEstimator(model, new EstimationOptions { Steps = 40 }, reference);
        float[] points = RandomPoints();
        IReadOnlyList<EstimationResult> table = ratios.EstimateTable(points, First, [Second, Third, Empty]);
        Assert.Multiple(() =>
        {
            Assert.That(table[0].Values, Is.EqualTo(Exact(model, points, First, Second)).Within(2e-3));
            Assert.That(table[1].Values, Is.EqualTo(Exact(model, points, First, Third)).Within(2e-3));
            Assert.That(table[2].Values, Is.EqualTo(Exact(model, points, First, Empty)).Within(2e-3));
            Assert.That(densities.Estimate(points, Third).Values, Is.EqualTo(Exact(model, points, Third)).Within(2e-3));
        });
    }

    [Test]
    public void The_fast_backend_agrees_with_the_reference([Values(0, 0.3)] double residual, [Values] bool perPoint)
    {
        FlowModel model = Model(PathSchedule.NoiseAtData(0.1), residual);
        EstimationOptions options = perPoint
            ? new EstimationOptions { Quadrature = QuadratureOptions.WithNodes(8) }
            : new EstimationOptions { Steps = 5 };
        float[] points = RandomPoints();
        IReadOnlyList<double> Estimate(ComputeBackend backend)
        {
            using (backend)
            {
                using var estimator = new LogRatioEstimator(model, options, backend);
                return estimator.Estimate(points, First, Second).Values;
            }
        }

        Assert.That(Estimate(new CpuBackend(threads: 2)), Is.EqualTo(Estimate(new ReferenceBackend())).Within(2e-3));
    }

    [Test]
    public void Results_do_not_depend_on_chunks_and_threads_and_the_midpoint_is_antisymmetric()
    {
        FlowModel model = Model(PathSchedule.NoiseAtData(0.1), residual: 0.3);
        float[] points = RandomPoints();
        IReadOnlyList<double> Estimate(int threads, int chunk, Condition above, Condition below)
        {
            using var backend = new CpuBackend(threads);
            using var estimator = new LogRatioEstimator(
                model, new EstimationOptions { Steps = 3, ChunkRows = chunk, Field = SimulatingField.Midpoint }, backend);
            return estimator.Estimate(points, above, below).Values;
        }

        IReadOnlyList<double> all = Estimate(1, 1000, First, Second);
        Assert.Multiple(() =>
        {
            Assert.That(Estimate(2, 1000, First, Second), Is.EqualTo(all));
            Assert.That(Estimate(2, 7, First, Second), Is.EqualTo(all));
            Assert.That(Estimate(1, 1000, Second, First), Is.EqualTo(all.Select(value => -value)));
            Assert.That(Estimate(1, 1000, First, First), Is.All.Zero);
        });
    }

    [Test]
    public void Samples_have_the_moments_of_the_base()
    {
        FlowModel model = Model(PathSchedule.Deterministic, residual: 0);
        using var backend = new CpuBackend(threads: 1);
        using var sampler = new Sampler(model, new EstimationOptions { Steps = 20 }, backend);
        float[] samples = sampler.Sample(Second, 4000);
        BaseDensity density = model.Base!.Densities[1];
        for (int j = 0; j < Dimension; j++)
        {
            double expected = density.Components.Sum(component => component.Weight * component.Mean[j]);
            double mean = Enumerable.Range(0, 4000).Average(r => samples[(r * Dimension) + j]);

            // Standard deviations of the components are at most 1.5 and their means a few apart: 4,000 samples give 0.03.
            Assert.That(mean, Is.EqualTo(expected).Within(0.15));
        }
    }

    /// <summary>A model over a base whose heads' output layers are scaled; 0 leaves the base alone.</summary>
    private static FlowModel Model(PathSchedule schedule, double residual)
    {
        var shape = new NetworkShape(Dimension, [3])
        {
            DataHidden = 16, DataCode = 8, ConditionHidden = 8, ConditionCode = 4, TimeFeatures = 8, HeadHidden = 24, HeadLayers = 2,
        };
        var network = new VelocityScoreNetwork(shape);
        float[] parameters = network.Initialize(3);
        foreach (LinearLayer layer in (LinearLayer[])[network.VelocityHead[^1], network.ScoreHead[^1]])
        {
            for (int i = layer.Offset; i < layer.Offset + layer.Length; i++)
            {
                parameters[i] *= (float)residual;
            }
        }

        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("c", ["a", "b", "c"]));
        return new FlowModel(shape, parameters, schedule, vocabulary, baseFlow: Support.BaseFlows.Flow(Dimension));
    }

    private static float[] RandomPoints() => new RandomData(8).Normal(Points * Dimension);

    private static double[] Exact(FlowModel model, float[] points, Condition above, Condition? below = null) =>
    [
        .. points.Chunk(Dimension).Select(row =>
        {
            double[] x = [.. row.Select(value => (double)value)];
            double Log(Condition condition) =>
                model.Base!.Densities[model.Base.NumberOf(condition)].LogDensity(model.Schedule.Constants, 1, x);
            return Log(above) - (below is null ? 0 : Log(below));
        }),
    ];
}
