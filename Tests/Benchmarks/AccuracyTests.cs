using FlowRatio.Benchmarks.Accuracy;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Experiments.Tasks;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The accuracy study: what a variant switches on, which cells there are.</summary>
public sealed class AccuracyTests
{
    private static readonly ExperimentOptions Options = new() { Methods = MethodSelection.Parse("s1,s3") };

    [Test]
    public void The_plain_variant_has_none_of_the_ideas_and_as_many_rows_as_defaults_and_pilots()
    {
        TrainingOptions plain = Apply(AccuracyVariant.Plain).Training;
        Assert.Multiple(() =>
        {
            Assert.That(plain.TargetReferences, Is.Zero);
            Assert.That(plain.MirroredNoise, Is.False);
            Assert.That(plain.ConditionScale, Is.EqualTo(1));
            Assert.That(plain.HiddenGain, Is.EqualTo(1));
            Assert.That(plain.Base, Is.EqualTo(BaseChoice.None));
            Assert.That(plain.Network.ConditionCode, Is.EqualTo(32));
            Assert.That(plain.Network.TimeScale, Is.EqualTo(1));
            Assert.That(plain.BatchSize * plain.Steps, Is.EqualTo(3 * Options.Training.BatchSize * Options.Training.Steps / 2), "the pilots' rows too");
        });
    }

    [Test]
    public void The_recommendation_is_the_defaults() => Assert.That(Apply(AccuracyVariant.Recommended), Is.SameAs(Options));

    [Test]
    public void Variants_of_the_flow_are_different_trainings_or_estimates()
    {
        string[] trainings =
        [
            .. AccuracyVariant.All.Where(variant => !variant.IsBaseline && variant.Name != "no-base")
                .Select(variant => variant.Apply(Options))
                .Select(options => $"{options.Training}{options.Training.Network}{options.Estimation.ImpliedScore}"),
        ];
        Assert.That(trainings, Is.Unique);
    }

    [Test]
    public void Cells_of_a_study_have_their_own_files_and_the_seeds_of_their_repetition()
    {
        var grid = new AccuracyGrid(
            AccuracyTask.Parse("mixture,mi"), [2, 4], AccuracyVariant.Parse("plain,recommended,tsm,classifier"), 2, Options, "cpu");
        IReadOnlyList<AccuracyCell> cells = grid.Cells();
        Assert.That(cells, Has.Count.EqualTo(2 * 2 * 4 * 2));
        Assert.That(cells.Select(cell => cell.FileName), Is.Unique);
        Assert.That(cells.Select(cell => cell.Options.Seed).Distinct(), Is.EqualTo(new ulong[] { 1001, 1002 }));
        Assert.That(cells.Where(cell => cell.Variant == "tsm").Select(cell => cell.Options.Methods.Names), Has.All.EqualTo(new[] { "tsm" }));
        Assert.That(cells[0].CreateExperiment(), Is.TypeOf<KnownRatioExperiment>());
        Assert.That(cells.First(cell => cell.Pair.Name == "mi").CreateExperiment(), Is.TypeOf<MutualInformationExperiment>());
    }

    [Test]
    public void A_study_has_the_pairs_of_its_groups()
    {
        Assert.That(AccuracyTask.Parse("all"), Is.EqualTo(AccuracyTask.All));
        Assert.That(AccuracyTask.Parse("gaussian").Concat(AccuracyTask.Parse("other")), Is.EquivalentTo(AccuracyTask.All));
        Assert.That(AccuracyTask.Parse("other").Select(task => task.Create(task.Dimensions[0])), Is.All.InstanceOf<DensityTask>());
        Assert.Throws<ArgumentException>(() => AccuracyTask.Parse("nothing"));
        Assert.Throws<ArgumentException>(() => AccuracyTask.Parse("mixture")[0].Create(1), "no mixture in one dimension");
    }

    [Test]
    public void Every_target_belongs_to_a_pair() =>
        Assert.That(AccuracyTarget.All.Select(target => target.Task).Distinct(), Is.SubsetOf(AccuracyTask.All.Select(task => task.Name)));

    [TestCase(2, 256, 32, 64)]
    [TestCase(10, 256, 1, 128)]
    [TestCase(20, 64, 32, 32)]
    public void The_published_protocol_is_exactly_that(int dimension, int dataCode, int timeFeatures, int conditionCode)
    {
        TrainingOptions training = PublishedProtocol.Gaussian(Options, dimension).Training;
        Assert.Multiple(() =>
        {
            Assert.That(training.Base, Is.EqualTo(BaseChoice.None));
            Assert.That(training.TargetReferences, Is.Zero);
            Assert.That(training.MirroredNoise, Is.False);
            Assert.That(training.ConditionScale, Is.EqualTo(1));
            Assert.That(training.HiddenGain, Is.EqualTo(1));
            Assert.That(training.AverageDecay, Is.Zero);
            Assert.That(training.Standardize, Is.False);
            Assert.That(training.ValidationFraction, Is.Zero);
            Assert.That(training.LearningRate, Is.EqualTo(LearningRateSchedule.Constant(1e-4)));
            Assert.That((training.Steps, training.BatchSize), Is.EqualTo((100_000, 512)));
            Assert.That(training.Network.TimeScale, Is.EqualTo(1));
            Assert.That(
                (training.Network.HeadHidden, training.Network.HeadLayers, training.Network.DataHidden, training.Network.ConditionHidden),
                Is.EqualTo((1024, 3, 256, 256)));
            Assert.That(
                (training.Network.DataCode, training.Network.TimeFeatures, training.Network.ConditionCode),
                Is.EqualTo((dataCode, timeFeatures, conditionCode)));
        });
    }

    private static ExperimentOptions Apply(string variant) => AccuracyVariant.Parse(variant)[0].Apply(Options);
}
