using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.Checkpoints;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;
using FlowRatio.Training.Records;

namespace FlowRatio.Tests.Training.Checkpoints;

/// <summary>Checkpoints on the disk: continued from to the same bits, refused for another training, kept when the loss explodes.</summary>
public sealed class TrainingCheckpointTests
{
    private static readonly TrainingOptions Options = new()
    {
        Network = new NetworkShape(1, [])
        {
            DataHidden = 12, DataCode = 6, ConditionHidden = 6, ConditionCode = 3, TimeFeatures = 4, HeadHidden = 12, HeadLayers = 2,
        },
        Steps = 120,
        BatchSize = 32,
        ValidationFraction = 0.2,
        ValidationInterval = 15,
        Patience = 100,
    };

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void An_interrupted_training_continues_from_the_file_to_the_same_bits([Values(1, 37, 75)] int interruption)
    {
        using var backend = new CpuBackend(1);
        TrainingResult whole = FlowTrainer.Train(Data(1), Options, backend);
        Interrupt(backend, interruption);
        TrainingCheckpoint second = Checkpoint(resume: true);
        TrainingResult resumed = FlowTrainer.Train(Data(1), Options, backend, second);
        Assert.That(second.Step, Is.EqualTo(interruption), "it began there");
        Assert.That(resumed.Model.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits), Is.EqualTo(whole.Model.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits)));
        Assert.That(resumed.Curve, Is.EqualTo(whole.Curve));
        Assert.That(resumed.ModelStep, Is.EqualTo(whole.ModelStep));
    }

    [Test]
    public void A_training_that_went_back_continues_to_the_same_bits([Values(3.0, 30.0)] double rate, [Values(16, 37, 75, 101, 150, 202)] int interruption)
    {
        using var backend = new CpuBackend(1);
        TrainingOptions options = Options with { Steps = 400, LearningRate = LearningRateSchedule.WarmUpCosine(rate, 0.9) };
        TrainingResult whole = FlowTrainer.Train(Data(1), options, backend);
        Interrupt(backend, interruption, options);
        TrainingResult resumed = FlowTrainer.Train(Data(1), options, backend, Checkpoint(resume: true));
        Assert.That(whole.Restarts, Is.Not.Empty);
        Assert.That(resumed.Model.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits), Is.EqualTo(whole.Model.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits)));
        Assert.That(resumed.Restarts, Is.EqualTo(whole.Restarts));
        Assert.That(resumed.Curve, Is.EqualTo(whole.Curve));
    }

    [Test]
    public void A_checkpoint_is_a_model_that_can_be_read()
    {
        using var backend = new CpuBackend(1);
        Interrupt(backend, 40);
        TrainedModel trained = TrainedModel.Read(folder.File("c"));
        Assert.That(trained.IsCheckpoint, Is.True);
        Assert.That(trained.Unknown, Is.Empty);
        Assert.That(trained.Model.Dimension, Is.EqualTo(2));
    }

    [Test]
    public void Other_options_and_other_data_are_refused_with_the_difference()
    {
        using var backend = new CpuBackend(1);
        Interrupt(backend, 40);
        string Refused(TrainingSet data, TrainingOptions options) => Assert.Throws<ArgumentException>(
            () => FlowTrainer.Train(data, options, backend, Checkpoint(resume: true)))!.Message;
        Assert.That(Refused(Data(1), Options with { BatchSize = 31 }), Does.Contain("BatchSize is 32 there and 31 here"));
        Assert.That(Refused(Data(1), Options with { Seed = 2 }), Does.Contain("Seed is 1 there and 2 here"));
        Assert.That(Refused(Data(9), Options), Does.Contain("values in the data"));
    }

    [Test]
    public void Another_numerical_version_of_the_program_is_a_difference()
    {
        using var backend = new CpuBackend(1);
        TrainingIdentity now = TrainingIdentity.Of(backend, Data(1), Options);
        var before = new TrainingIdentity(now.Values.Where(entry => entry.Key != "numerical version"));
        Assert.That(before.Difference(now), Does.Contain($"numerical version 1 there, {TrainingIdentity.NumericalVersion} here"));
        Assert.That(now.Difference(now), Is.Null);
    }

    [Test]
    public void Without_resume_the_file_is_not_looked_at()
    {
        using var backend = new CpuBackend(1);
        folder.Write("c", "no checkpoint");
        Assert.DoesNotThrow(() => FlowTrainer.Train(Data(1), Options with { Steps = 3 }, backend, Checkpoint(resume: false)));
    }

    [Test]
    public void A_damaged_checkpoint_is_refused()
    {
        using var backend = new CpuBackend(1);
        Interrupt(backend, 40);
        byte[] content = File.ReadAllBytes(folder.File("c"));
        folder.Write("c", content[..^100]);
        Assert.That(
            Assert.Throws<InvalidDataException>(() => FlowTrainer.Train(Data(1), Options, backend, Checkpoint(resume: true)))!.Message,
            Does.Contain(folder.File("c")));
    }

    [Test]
    public void When_the_loss_explodes_the_last_checkpoint_stays()
    {
        using var backend = new CpuBackend(1);
        var checkpoint = new TrainingCheckpoint(folder.File("c"), TimeSpan.Zero, false, Describe);
        Assert.Throws<TrainingDivergedException>(() => FlowTrainer.Train(
            Data(1), Options with { Steps = 4000, LearningRate = LearningRateSchedule.Constant(1e12) }, backend, checkpoint));
        TrainedModel kept = TrainedModel.Read(folder.File("c"));
        Assert.That(kept.Model.Parameters.ToArray(), Is.All.Matches<float>(float.IsFinite));
    }

    private static TrainedModel Describe(FlowTraining training) => new(training.Result().Model, null, null);

    private static TrainingSet Data(ulong seed) => TrainingSet.FromClasses(
        "group", 2, ("a", new RandomData(seed).Normal(120)), ("b", new RandomData(seed + 1).Normal(120)));

    private TrainingCheckpoint Checkpoint(bool resume) => new(folder.File("c"), TimeSpan.FromHours(1), resume, Describe);

    /// <summary>Cancels after a step; the trainer then writes a checkpoint.</summary>
    private void Interrupt(CpuBackend backend, int step, TrainingOptions? options = null)
    {
        using var source = new CancellationTokenSource();
        var counting = new Counting(Checkpoint(resume: false), step, source);
        Assert.Throws<OperationCanceledException>(() => FlowTrainer.Train(Data(1), options ?? Options, backend, counting, null, source.Token));
    }

    /// <summary>Is asked after every step, and so can count them.</summary>
    private sealed class Counting(TrainingCheckpoint inner, int last, CancellationTokenSource source) : ITrainingCheckpoints
    {
        private int steps;

        public bool IsDue
        {
            get
            {
                if (++steps == last)
                {
                    source.Cancel();
                }

                return false;
            }
        }

        public void Restore(FlowTraining training) => inner.Restore(training);

        public void Write(FlowTraining training) => inner.Write(training);
    }
}
