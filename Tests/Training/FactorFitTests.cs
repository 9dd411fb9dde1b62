using FlowRatio.Benchmarks.Experiments.Tasks;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Products of mixtures over independent blocks of coordinates.</summary>
public sealed class FactorFitTests
{
    private const int Rows = 12_000;

    [Test]
    public void Boxes_are_products_and_what_they_share_cancels()
    {
        var task = new PartialOverlapTask(4);
        BaseFlow flow = Fit(task, [0]);
        BaseDensity left = flow.Densities[flow.NumberOf(new Condition(0))], right = flow.Densities[flow.NumberOf(new Condition(1))];
        float[] points = [.. task.Sample(1000, false, 1, 1), .. task.Sample(1000, true, 1, 1)];
        double[] ratios = [.. points.Chunk(4).Select(row => LogDensity(right, row) - LogDensity(left, row))];
        Assert.Multiple(() =>
        {
            Assert.That(flow.Summary, Does.Match("factors, 4 independent blocks of up to [0-9]+ components, 2 of them the same for all conditions"));
            Assert.That(left.Factors[2], Is.SameAs(right.Factors[2]));
            Assert.That(left.Factors[3], Is.SameAs(right.Factors[3]));

            // Two coordinates of both boxes, each from 12,000 rows by 16 parameters: 4 * 16 / 12,000, and several times that where one box has no rows and its
            // tail is what the common variance says. One Gaussian for each has 1.0.
            Assert.That(ErrorSummary.Of(ratios, task.LogRatio(points)).MeanSquared, Is.LessThan(0.04));
        });
    }

    [Test]
    public void Without_a_condition_coordinates_depend_on_each_other_through_it()
    {
        BaseFlow flow = Fit(new PartialOverlapTask(4), [0.1]);
        BaseDensity pooled = flow.Densities[flow.NumberOf(Condition.Empty(1))];
        Assert.That(pooled.Factors.Select(factor => factor.Coordinates.ToArray()), Is.EqualTo(new[] { new[] { 0, 1 }, [2], [3] }));
    }

    [Test]
    public void Where_all_depends_on_all_it_is_a_mixture()
    {
        var task = new MixtureTask(3);
        BaseFlow factors = Fit(task, [0]), mixture = BaseFitter.Fit(Set(task), new BaseChoice(BaseKind.Mixture), [0], 1);
        Assert.Multiple(() =>
        {
            Assert.That(factors.Summary, Is.EqualTo(mixture.Summary));
            Assert.That(factors.Densities[0].Components[0].Mean, Is.EqualTo(mixture.Densities[0].Components[0].Mean));
        });
    }

    [Test]
    public void A_constant_column_changes_no_ratio_and_gives_numbers_on_a_backend()
    {
        float[] Rows2(ulong seed, float shift) => [.. new RandomData(seed).Normal(Rows).SelectMany(x => new[] { x + shift, 0f })];
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("p0", Rows2(1, 0)), ("p1", Rows2(2, 1)));
        BaseFlow flow = BaseFitter.Fit(set, new BaseChoice(BaseKind.Factors), [0], 1);
        using var backend = new CpuBackend(1);
        using BaseFlowBuffer buffer = backend.CreateBaseFlow(flow);
        using Matrix points = backend.CreateMatrix(2, 2), times = backend.CreateMatrix(1, 1), velocity = backend.CreateMatrix(2, 2), score = backend.CreateMatrix(2, 2);
        using IndexBuffer densities = backend.CreateIndices(2);
        points.Write<float>([0.3f, 0, 0.3f, 0]);
        times.Write<float>([1]);
        densities.Write([0, 1]);
        backend.AddBaseFlow(buffer, PathSchedule.Deterministic, densities, times, points, 1, velocity, score, null, 0, null);
        float[] values = new float[8];
        velocity.Read(values.AsSpan(0, 4));
        score.Read(values.AsSpan(4, 4));
        Assert.Multiple(() =>
        {
            Assert.That(flow.Summary, Does.StartWith("factors, 2 independent blocks"));
            Assert.That(values, Is.All.Matches<float>(float.IsFinite));
            Assert.That(LogDensity(flow.Densities[1], [0.3f, 0]) - LogDensity(flow.Densities[0], [0.3f, 0]), Is.EqualTo(0.3 - 0.5).Within(0.1));
        });
    }

    [Test]
    public void The_fit_repeats()
    {
        double[] Numbers() => [.. Fit(new PartialOverlapTask(3), [0]).Densities.SelectMany(d => d.Components).SelectMany(c => c.Mean.Append(c.Weight))];
        double[] first = Numbers(), again = Numbers();
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public void Auto_takes_factors_where_the_boxes_are_apart()
    {
        var task = new PartialOverlapTask(4);
        TrainingSet data = TrainingSet.FromClasses("box", 4, ("left", task.Sample(16_000, false, 1, 0)), ("right", task.Sample(16_000, true, 1, 0)));
        var network = new NetworkShape(1, [])
        {
            DataHidden = 16, DataCode = 8, ConditionHidden = 8, ConditionCode = 8, TimeFeatures = 8, HeadHidden = 16, HeadLayers = 1,
        };
        using var backend = new CpuBackend();
        BaseSelection record = BaseSelector.Choose(
            backend, data, new TrainingOptions { Network = network, Steps = 40, BatchSize = 64, TargetReferences = 0 }).Record;
        Assert.Multiple(() =>
        {
            Assert.That(record.Candidates.Select(candidate => candidate.Base), Is.EqualTo(new[] { "none", "gaussian", "mixture", "factors" }));
            Assert.That(record.Chosen, Is.EqualTo("factors"));
        });
    }

    [TestCase("factors", BaseKind.Factors, null)]
    [TestCase("factors:4", BaseKind.Factors, 4)]
    public void The_choice_has_a_name(string text, BaseKind kind, int? components)
    {
        Assert.That(BaseChoice.Parse(text), Is.EqualTo(new BaseChoice(kind, components)));
        Assert.That(new BaseChoice(kind, components).ToString(), Is.EqualTo(text));
    }

    private static TrainingSet Set(DensityTask task) => TrainingSet.FromClasses(
        "c", task.Dimension, ("p0", task.Sample(Rows, false, 3, 0)), ("p1", task.Sample(Rows, true, 3, 0)));

    private static BaseFlow Fit(DensityTask task, double[] drops) => BaseFitter.Fit(Set(task), new BaseChoice(BaseKind.Factors), drops, 1);

    private static double LogDensity(BaseDensity density, float[] row) =>
        density.LogDensity(PathSchedule.Deterministic.Constants, 1, [.. row.Select(value => (double)value)]);
}
