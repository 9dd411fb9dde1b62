using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Experiments.Tasks;
using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Distances of a base's marginals to held-out rows.</summary>
public sealed class MarginalFitTests
{
    [Test]
    public void The_distance_is_that_of_the_distribution_functions_at_its_worst_coordinate()
    {
        // A full covariance ((1, 0.8), (0.8, 4)): the second coordinate has deviation 2, whatever the directions.
        var block = EigenBlock.FromCovariance([0, 1], [1, 0.8, 0.8, 4], 1e-6);
        var flow = new BaseFlow("test", [new BaseDensity(new GaussianComponent(1, [0, 1], [block]))], [], 0);

        TrainingSet rows = TrainingSet.FromClasses("c", 2, ("only", [0, -1, 0.2f, 1, -0.3f, 5]));
        MarginalFit worst = MarginalFit.Worst(flow, rows);
        Assert.Multiple(() =>
        {
            // Coordinate 0: values -0.3, 0, 0.2 with Phi 0.3821, 0.5, 0.5793, so 1 - 0.5793 is the largest difference.
            Assert.That(worst.Coordinate, Is.Zero);
            Assert.That(worst.Distance, Is.EqualTo(0.42074).Within(1e-4));
            Assert.That(worst.Condition, Is.EqualTo(new Condition(0)));
            Assert.That(worst.Allowed, Is.EqualTo(2.5 / Math.Sqrt(3)).Within(1e-12));
            Assert.That(worst.IsGood);
        });
    }

    [Test]
    public void A_coordinate_that_does_not_vary_says_nothing_about_the_form()
    {
        float[] rows = [.. new RandomData(3).Normal(2000).SelectMany(x => new[] { x, 7f })];
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("only", rows));
        MarginalFit worst = MarginalFit.Worst(BaseFitter.Fit(set, new BaseChoice(BaseKind.Gaussian), [0], 1), set);
        Assert.That((worst.Coordinate, worst.IsGood), Is.EqualTo((0, true)));
    }

    [TestCase("gaussian", "gaussian", 30, true)]
    [TestCase("heavy-tail", "mixture", 5, true)]
    [TestCase("mixture", "mixture", 10, true)]
    [TestCase("mixture", "gaussian", 2, false)]
    [TestCase("partial-overlap", "gaussian", 50, false)]
    [TestCase("partial-overlap", "gaussian", 2, false)]
    [TestCase("warped", "gaussian", 50, false)]
    [TestCase("warped", "mixture:2", 20, false)]
    public void A_base_of_the_right_form_passes_and_another_does_not(string pair, string kind, int dimension, bool isGood)
    {
        IRatioTask task = pair switch
        {
            "gaussian" => new GaussianTask(dimension, 2),
            "heavy-tail" => new HeavyTailTask(dimension),
            "mixture" => new MixtureTask(dimension),
            "warped" => new WarpedGaussianTask(dimension),
            _ => new PartialOverlapTask(dimension),
        };
        TrainingSet Rows(int count, uint set) => TrainingSet.FromClasses(
            "c", dimension, ("p0", task.Sample(count, false, 3, set)), ("p1", task.Sample(count, true, 3, set)));
        BaseFlow flow = BaseFitter.Fit(Rows(12_000, 0), BaseChoice.Parse(kind), [0], 1);
        Assert.That(MarginalFit.Worst(flow, Rows(6000, 1)).IsGood, Is.EqualTo(isGood));
    }

    [Test]
    public void Auto_leaves_a_base_with_wrong_marginals_without_a_pilot()
    {
        var task = new PartialOverlapTask(3);
        TrainingSet data = TrainingSet.FromClasses(
            "box", 3, ("left", task.Sample(30_000, false, 1, 0)), ("right", task.Sample(30_000, true, 1, 0)));
        using var backend = new CpuBackend();
        var network = new NetworkShape(1, [])
        {
            DataHidden = 16, DataCode = 8, ConditionHidden = 8, ConditionCode = 8, TimeFeatures = 8, HeadHidden = 16, HeadLayers = 1,
        };
        BaseSelection record = BaseSelector.Choose(
            backend, data, new TrainingOptions { Network = network, Steps = 40, BatchSize = 64, TargetReferences = 0 }).Record;
        BaseCandidate gaussian = record.Candidates.Single(candidate => candidate.Base == "gaussian");
        Assert.Multiple(() =>
        {
            Assert.That(gaussian.Steps, Is.Zero);
            Assert.That(gaussian.FlowLoss, Is.Null);
            Assert.That(gaussian.Verdict, Does.Match("left: coordinate [123] of (left|right) is 0\\.0[0-9]+ off"));
            Assert.That(record.Chosen, Is.Not.EqualTo("gaussian"));
        });
    }
}
