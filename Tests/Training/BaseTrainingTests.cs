using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Training on top of a base, and the choice of one by pilots.</summary>
public sealed class BaseTrainingTests
{
    private static readonly NetworkShape SmallNetwork = new(1, [])
    {
        DataHidden = 32, DataCode = 16, ConditionHidden = 16, ConditionCode = 8, TimeFeatures = 8, HeadHidden = 32, HeadLayers = 2,
    };

    private static readonly TrainingOptions Short = new() { Network = SmallNetwork, Steps = 120, BatchSize = 128, ValidationInterval = 60 };

    [Test]
    public void On_gaussians_a_short_training_is_as_good_as_the_base([Values("gaussian", "mixture")] string kind)
    {
        var task = new GaussianTask(5, 2);
        TrainingSet data = TrainingSet.FromClasses("c", 5, ("p0", task.Sample(10_000, false, 1, 0)), ("p1", task.Sample(10_000, true, 1, 0)));
        TrainingResult result = FlowTrainer.Train(data, Short with { Base = BaseChoice.Parse(kind) });
        float[] points = [.. task.Sample(300, false, 1, 1), .. task.Sample(300, true, 1, 1)];
        using var estimator = new LogRatioEstimator(result.Model);
        ErrorSummary errors = ErrorSummary.Of(
            estimator.Estimate(points, result.Model.Condition("p1"), result.Model.Condition("p0")).Values, task.LogRatio(points));
        Assert.Multiple(() =>
        {
            Assert.That(result.Model.Base!.Summary, Is.EqualTo("gaussian, one spherical covariance"));

            // Two means of five coordinates from 10,000 rows each, at points with |x|^2 about 15: 15 * 2 / 10,000, and as much again for the scale.
            Assert.That(errors.MeanSquared, Is.LessThan(0.03));
            Assert.That(result.Gate!.Velocity, Is.LessThan(0.6));
            Assert.That(result.FinalValidation!.Value.Total, Is.EqualTo(result.GatedValidation!.Value.Total));
        });
    }

    [TestCase(0.9, -1.6, true)]
    [TestCase(0.9, -1.4, false)]
    [TestCase(-2.8, -1.3, true)]
    [TestCase(-3.1, -0.6, true)]
    [TestCase(-2.8, -0.5, false)]
    [TestCase(-9, -0.4, false)]
    [TestCase(1.1, -5, false)]
    public void The_less_one_loss_says_the_more_must_the_other(double flow, double label, bool isTaken) =>
        Assert.That(BaseSelector.IsBetterByLabel(flow, label), Is.EqualTo(isTaken));

    [Test]
    public void Networks_beside_a_base_have_plain_gradients()
    {
        TrainingResult beside = FlowTrainer.Train(Clusters(500), Short with { Base = BaseChoice.Parse("gaussian") }), alone = FlowTrainer.Train(Clusters(500), Short);
        Assert.That((beside.Whitening, alone.Whitening), Is.EqualTo(((double?)null, new TrainingOptions().Whitening)));
    }

    [Test]
    public void Without_held_out_rows_there_is_no_gate()
    {
        TrainingResult result = FlowTrainer.Train(Clusters(500), Short with { Base = BaseChoice.Parse("gaussian"), ValidationFraction = 0 });
        Assert.Multiple(() =>
        {
            Assert.That(result.Gate, Is.Null);
            Assert.That(result.Model.Base, Is.Not.Null);
        });
    }

    [Test]
    public void The_gate_can_be_left_out()
    {
        var task = new GaussianTask(5, 2);
        TrainingSet data = TrainingSet.FromClasses("c", 5, ("p0", task.Sample(10_000, false, 1, 0)), ("p1", task.Sample(10_000, true, 1, 0)));
        TrainingResult gated = FlowTrainer.Train(data, Short with { Base = BaseChoice.Parse("gaussian") });
        TrainingResult whole = FlowTrainer.Train(data, Short with { Base = BaseChoice.Parse("gaussian"), GateResidual = false });
        var network = new VelocityScoreNetwork(whole.Model.Network.Shape);
        float[] weights = whole.Model.Parameters.ToArray();
        gated.Gate!.Apply(network, weights);
        Assert.Multiple(() =>
        {
            Assert.That(whole.Gate, Is.Null);
            Assert.That(gated.Gate!.Velocity, Is.LessThan(1));
            Assert.That(weights, Is.EqualTo(gated.Model.Parameters.ToArray()));
            Assert.That(whole.FinalValidation, Is.EqualTo(whole.Curve[^1].Validation));
        });
    }

    [Test]
    public void A_training_with_a_base_goes_on_to_the_same_bits_from_any_step()
    {
        using var backend = new CpuBackend(threads: 1);
        TrainingOptions options = Short with { Base = BaseChoice.Parse("mixture:2"), ConditionDrop = [0.2] };
        using var whole = new FlowTraining(backend, Clusters(400), options);
        using var half = new FlowTraining(backend, Clusters(400), options);
        while (!whole.IsComplete)
        {
            whole.Advance();
        }

        for (int i = 0; i < 50; i++)
        {
            half.Advance();
        }

        using var rest = new FlowTraining(backend, Clusters(400), options);
        rest.Restore(half.Capture());
        while (!rest.IsComplete)
        {
            rest.Advance();
        }

        Assert.That(rest.Result().Model.Parameters.ToArray(), Is.EqualTo(whole.Result().Model.Parameters.ToArray()));
    }

    [TestCase(4, 1.5)]
    [TestCase(10, 3, Description = "Labels are almost certain, and their losses differ by chance.")]
    public void Pilots_take_a_base_for_gaussians(int dimension, double shift)
    {
        var task = new GaussianTask(dimension, shift);
        TrainingSet data = TrainingSet.FromClasses(
            "c", dimension, ("p0", task.Sample(4000, false, 1, 0)), ("p1", task.Sample(4000, true, 1, 0)));
        TrainingResult result = FlowTrainer.Train(data, Short with { Base = BaseChoice.Parse("auto"), Steps = 200 });
        BaseSelection record = result.BaseSelection!;
        Assert.Multiple(() =>
        {
            Assert.That(record.Chosen, Is.EqualTo("gaussian"));
            Assert.That(record.Candidates.Take(2).Select(candidate => candidate.Base), Is.EqualTo(new[] { "none", "gaussian" }));
            Assert.That(record.Candidates.Select(candidate => candidate.LabelLoss), Is.All.GreaterThanOrEqualTo(0));
            Assert.That(record.Candidates[1].FlowLoss, Is.LessThan(record.Candidates[0].FlowLoss!.Value));
            Assert.That(record.Candidates[1].Steps, Is.LessThanOrEqualTo(record.Candidates[0].Steps));
            Assert.That(result.Model.Base!.Summary, Is.EqualTo(record.Candidates[1].Summary));
        });
    }

    [Test]
    public void The_choice_repeats_and_needs_no_second_condition()
    {
        BaseSelection Select(TrainingSet data)
        {
            using var backend = new CpuBackend(threads: 1);
            return BaseSelector.Choose(backend, data, Short with { Steps = 60 }).Record;
        }

        BaseSelection first = Select(Clusters(300)), again = Select(Clusters(300));
        TrainingSet one = TrainingSet.FromClasses("c", 2, ("only", new RandomData(4).Normal(600)));
        Assert.Multiple(() =>
        {
            Assert.That(again.Chosen, Is.EqualTo(first.Chosen));
            Assert.That(again.Candidates, Is.EqualTo(first.Candidates));
            Assert.That(Select(one).Candidates.Select(candidate => candidate.LabelLoss), Is.All.Null);
        });
    }

    [Test]
    public void Pilots_report_progress_and_the_share_never_falls()
    {
        var reports = new Reports();
        using var backend = new CpuBackend(threads: 1);
        FlowTrainer.Train(Clusters(300), Short with { Base = BaseChoice.Parse("auto"), Steps = 60 }, backend, reports);
        Assert.Multiple(() =>
        {
            Assert.That(reports.Select(report => report.Pilot).Distinct(), Is.EqualTo(new[] { "none", "gaussian", "mixture", null }));
            Assert.That(reports.Select(report => report.Share), Is.Ordered.Ascending);
            Assert.That(reports[0].Share, Is.Positive);
            Assert.That(reports.Where(report => report.Pilot is null).Select(report => report.Step), Is.Ordered.Ascending.And.Unique);
            Assert.That(reports[^1].Share, Is.EqualTo(1));
        });
    }

    /// <summary>Two classes of two clusters each, in two dimensions.</summary>
    private static TrainingSet Clusters(int rows)
    {
        var random = new RandomData(3);
        float[] Class(float shift) => [.. random.Normal(2 * rows, 0.4).Select((x, i) => x + shift + (i / 2 % 2 == 0 ? 2 : -2))];
        return TrainingSet.FromClasses("c", 2, ("a", Class(0)), ("b", Class(0.5f)));
    }

    private sealed class Reports : List<TrainingProgress>, IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Add(value);
    }
}
