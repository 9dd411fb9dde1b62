using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training;

/// <summary>A training that is interrupted, restored, stopped early or diverges.</summary>
public sealed class FlowTrainingTests
{
    private static readonly TrainingOptions Options = new()
    {
        Network = new NetworkShape(1, [])
        {
            DataHidden = 16, DataCode = 8, ConditionHidden = 8, ConditionCode = 4, TimeFeatures = 4, HeadHidden = 16, HeadLayers = 2,
        },
        Steps = 90,
        BatchSize = 32,
        ValidationFraction = 0.2,
        ValidationInterval = 20,
        ConditionDrop = [0.1],
    };

    [Test]
    public void Restored_at_any_step_it_ends_with_the_same_bits_and_curve([Values(0, 1, 19, 20, 49, 50, 89, 90)] int interruption)
    {
        using var backend = new CpuBackend(1);
        TrainingResult whole = FlowTrainer.Train(Data(100), Options, backend);
        TrainingState state;
        using (var first = new FlowTraining(backend, Data(100), Options))
        {
            while (first.Step < interruption)
            {
                first.Advance();
            }

            state = first.Capture();
        }

        using var second = new FlowTraining(backend, Data(100), Options);
        second.Restore(state);
        while (!second.IsComplete)
        {
            second.Advance();
        }

        TrainingResult resumed = second.Result();
        Assert.That(Bits(resumed), Is.EqualTo(Bits(whole)));
        Assert.That(resumed.Curve, Is.EqualTo(whole.Curve));
    }

    [Test]
    public void Gradients_are_whitened_from_the_fiftieth_step_on()
    {
        Assert.Multiple(() =>
        {
            Assert.That(After(50, Options), Is.EqualTo(After(50, Options with { Whitening = null })));
            Assert.That(After(51, Options), Is.Not.EqualTo(After(51, Options with { Whitening = null })));
        });
    }

    [Test]
    public void Rows_that_are_seen_many_times_have_plain_gradients_unless_patience_guards_them()
    {
        // 400 steps of 32 rows go through 80 rows 160 times, 700 steps 280 times.
        TrainingOptions many = Options with { Steps = 400 }, patient = many with { Patience = 1000 }, most = patient with { Steps = 700 };
        Assert.Multiple(() =>
        {
            Assert.That(After(60, many), Is.EqualTo(After(60, many with { Whitening = null })));
            Assert.That(After(60, patient), Is.Not.EqualTo(After(60, patient with { Whitening = null })));
            Assert.That(After(60, most), Is.EqualTo(After(60, most with { Whitening = null })), "five times as often, and no more");
            Assert.That(
                After(60, many with { MostWhitenedPasses = null }), Is.EqualTo(After(60, patient)).And.Not.EqualTo(After(60, many)), "or they are asked for");
        });
    }

    [Test]
    public void A_captured_state_is_a_copy()
    {
        using var backend = new CpuBackend(1);
        using var training = new FlowTraining(backend, Data(100), Options with { Patience = 3 });
        for (int i = 0; i < 25; i++)
        {
            training.Advance();
        }

        TrainingState state = training.Capture();
        float[] before = [.. state.Parameters, .. state.Average, .. state.Best!];
        for (int i = 0; i < 25; i++)
        {
            training.Advance();
        }

        Assert.That((float[])[.. state.Parameters, .. state.Average, .. state.Best!], Is.EqualTo(before));
        Assert.That(state.Step, Is.EqualTo(25));
        Assert.That(state.Curve, Has.Count.EqualTo(1));
    }

    [Test]
    public void Patience_stops_and_keeps_the_weights_of_the_best_validation_loss()
    {
        // Thirty-two training rows are learnt by heart long before the last step.
        TrainingOptions options = Options with
        {
            Steps = 20_000, Patience = 3, LearningRate = LearningRateSchedule.Constant(1e-2), AverageDecay = 0, ValidationFraction = 0.5,
        };
        using var backend = new CpuBackend(1);
        TrainingResult result = FlowTrainer.Train(Data(64), options, backend);
        LearningCurvePoint best = result.Curve.MinBy(point => point.Validation!.Value.Total);
        Assert.That(result.Curve[^1].Step, Is.LessThan(options.Steps));
        Assert.That(result.Curve[^1].Step, Is.EqualTo(best.Step + (3 * options.ValidationInterval)));
        Assert.That(result.ModelStep, Is.EqualTo(best.Step));

        using var again = new FlowTraining(backend, Data(64), options);
        while (again.Step < best.Step)
        {
            again.Advance();
        }

        Assert.That(Bits(result), Is.EqualTo(Bits(again.Result())));
    }

    [Test]
    public void Patience_without_held_out_rows_is_refused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => FlowTrainer.Train(Data(100), Options with { Patience = 3, ValidationFraction = 0 }))!;
        Assert.That(exception.Message, Does.Contain("Patience").And.Contain("held-out"));
    }

    [Test]
    public void A_category_with_too_few_rows_is_named_with_the_number_needed()
    {
        TrainingSet data = TrainingSet.FromClasses("group", 2, ("many", new RandomData(1).Normal(200)), ("few", new RandomData(2).Normal(8)));
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => FlowTrainer.Train(data, Options with { FewestRowsPerCategory = 10 }))!;
        Assert.That(exception.Message, Does.Contain("'group=few'").And.Contain("at least 10"));
    }

    [Test]
    public void A_loss_that_explodes_whatever_the_rate_ends_the_training_at_its_best_weights()
    {
        // Weights of about a hundred in four layers: losses far above the first, and far below the largest float; a thirtieth of the rate is as bad.
        TrainingOptions sound = Options with { Steps = 2000 }, unsound = sound with { LearningRate = LearningRateSchedule.Constant(1000) };
        using var backend = new CpuBackend(1);
        using var first = new FlowTraining(backend, Data(100), sound);
        while (first.Step < 20)
        {
            first.Advance();
        }

        TrainingState state = first.Capture();
        using var second = new FlowTraining(backend, Data(100), unsound);
        second.Restore(state);
        while (!second.IsComplete)
        {
            second.Advance();
        }

        TrainingResult result = second.Result();
        Assert.Multiple(() =>
        {
            Assert.That(result.Restarts, Has.Count.EqualTo(FlowTraining.MostRestarts + 1));
            Assert.That(result.Restarts, Is.All.Matches<TrainingRestart>(restart => restart.BackTo == 20));
            Assert.That(result.ModelStep, Is.EqualTo(20));
            Assert.That(result.Model.Parameters.ToArray(), Is.EqualTo(state.Best));
        });
    }

    [Test]
    public void Weights_that_have_exploded_before_the_first_point_of_the_curve_are_no_model([Values(2000, 2)] int steps)
    {
        TrainingOptions options = Options with { Steps = steps, LearningRate = LearningRateSchedule.Constant(steps == 2 ? 1e30 : 1000) };
        using var backend = new CpuBackend(1);
        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => FlowTrainer.Train(Data(100), options, backend))!;
        Assert.That(exception.Message, Does.Contain("before the first point of the learning curve"));
    }

    [Test]
    public void A_rate_that_is_too_large_is_halved_until_the_loss_no_longer_jumps()
    {
        TrainingOptions options = Options with { Steps = 2000, LearningRate = LearningRateSchedule.Constant(2) };
        using var backend = new CpuBackend(1);
        TrainingResult result = FlowTrainer.Train(Data(100), options, backend);
        Assert.Multiple(() =>
        {
            Assert.That(result.Restarts, Is.Not.Empty.And.Count.LessThanOrEqualTo(FlowTraining.MostRestarts));
            Assert.That(result.Restarts, Is.All.Matches<TrainingRestart>(restart => restart.BackTo <= restart.Step));
            Assert.That(result.Curve[^1].Step, Is.EqualTo(options.Steps));
        });
    }

    [Test]
    public void Identities_differ_by_what_decides_the_result()
    {
        using var backend = new CpuBackend(1);
        TrainingIdentity identity = TrainingIdentity.Of(backend, Data(100), Options);
        Assert.That(identity.Difference(TrainingIdentity.Of(backend, Data(100), Options)), Is.Null);
        Assert.That(identity.Difference(TrainingIdentity.Of(backend, Data(100), Options with { Steps = 91 })), Does.Contain("Steps is 90 there and 91 here"));
        Assert.That(
            identity.Difference(TrainingIdentity.Of(backend, Data(100), Options with { Network = Options.Network with { HeadHidden = 17 } })),
            Does.Contain("HeadHidden is 16 there and 17 here"));
        Assert.That(identity.Difference(TrainingIdentity.Of(backend, Data(100), Options with { ConditionDrop = [0.2] })), Does.Contain("[0.1] there"));
        Assert.That(identity.Difference(TrainingIdentity.Of(backend, Data(98), Options)), Does.Contain("rows is 100 there and 98 here"));
        TrainingSet other = TrainingSet.FromClasses("group", 2, ("a", new RandomData(5).Normal(100)), ("b", new RandomData(6).Normal(100)));
        Assert.That(identity.Difference(TrainingIdentity.Of(backend, other, Options)), Does.Contain("values in the data"));
    }

    /// <summary>The weights after some steps.</summary>
    private static float[] After(int steps, TrainingOptions options)
    {
        using var backend = new CpuBackend(1);
        using var training = new FlowTraining(backend, Data(100), options);
        while (training.Step < steps)
        {
            training.Advance();
        }

        return training.Capture().Parameters;
    }

    private static TrainingSet Data(int rows) => TrainingSet.FromClasses(
        "group", 2, ("a", new RandomData(1).Normal(rows)), ("b", new RandomData(2).Normal(rows)));

    private static int[] Bits(TrainingResult result) => [.. result.Model.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
