using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training;

/// <summary>Training as a whole: it learns, repeats bit by bit, reports, stops and fails as documented.</summary>
public sealed class FlowTrainerTests
{
    // Measured for seeds 1, 2, 3: 0.44, 0.40, 0.14 squared nats; twice the worst. The truth itself has the variance 24 = 8 within
    // the classes + 16 between them, so an untrained flow fails by far.
    private const double LargestMeanSquaredError = 0.9;

    private static readonly GaussianTask Task = new(2, 2);

    private static readonly NetworkShape SmallNetwork = new(1, [])
    {
        DataHidden = 64,
        DataCode = 16,
        ConditionHidden = 16,
        ConditionCode = 8,
        TimeFeatures = 8,
        HeadHidden = 64,
        HeadLayers = 2,
    };

    // Plain targets: the training loss with averaged ones is lower than any held-out loss, and they are compared here.
    private static readonly TrainingOptions Short = new()
    {
        Network = SmallNetwork,
        Steps = 60,
        BatchSize = 64,
        ValidationInterval = 20,
        TargetReferences = 0,
        ConditionScale = 1,
        HiddenGain = 1,
    };

    [Test]
    public void Averaged_targets_lower_the_training_loss_alone_and_repeat()
    {
        TrainingOptions plain = Short with { Steps = 300 }, averaged = plain with { TargetReferences = 100 };
        TrainingSet data = Data(4000);
        TrainingResult without = FlowTrainer.Train(data, plain), with = FlowTrainer.Train(data, averaged), again = FlowTrainer.Train(data, averaged);

        // What is left out of the targets is variance that no network can explain; held-out targets keep it.
        Assert.That(with.FinalLoss.Total, Is.LessThan(0.8 * without.FinalLoss.Total));
        Assert.That(with.FinalValidation!.Value.Total, Is.EqualTo(without.FinalValidation!.Value.Total).Within(0.05 * without.FinalValidation.Value.Total));
        Assert.That(again.Model.Parameters.ToArray(), Is.EqualTo(with.Model.Parameters.ToArray()));
    }

    [Test]
    public void A_latest_time_keeps_the_heavy_tail_of_noise_on_the_path_out_of_the_loss()
    {
        // The tail is heavy: the mean takes many held-out samples.
        TrainingOptions whole = Short with { Schedule = PathSchedule.NoiseOnPath(0.5), ValidationFraction = 0.5, BatchSize = 512 };
        TrainingSet data = Data(60_000);
        TrainingResult without = FlowTrainer.Train(data, whole), with = FlowTrainer.Train(data, whole with { LatestTime = 0.97 });

        // E sigma'^2 over t is kappa/4 ln(1 / (1 - T)) and a constant: 1.44 - 0.44 = 1.0 less per coordinate for T = 0.97 than for 1 - 1e-5.
        double less = without.FinalValidation!.Value.Velocity - with.FinalValidation!.Value.Velocity;
        Assert.Multiple(() =>
        {
            Assert.That(less, Is.EqualTo(1.0).Within(0.4));
            Assert.That(with.Model.Schedule, Is.EqualTo(whole.Schedule), "a model keeps the whole path");
        });
    }

    [Test]
    public void Mirrored_noise_lowers_the_variance_of_gradients_and_not_their_mean()
    {
        const int batches = 2000;
        var network = new VelocityScoreNetwork(SmallNetwork with { Dimension = 2, Covariates = [2] });
        using var backend = new CpuBackend();
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount), gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(5));
        float[] gradient = new float[network.ParameterCount];
        (double[] Mean, double[] Variance) Moments(bool mirrored)
        {
            double[] sums = new double[gradient.Length], squares = new double[gradient.Length];
            using var objective = new FlowMatchingObjective(
                backend, network, Data(4000), PathSchedule.Deterministic, [0], 64, 3, mirroredNoise: mirrored);
            for (int batch = 0; batch < batches; batch++)
            {
                objective.Forward(parameters, batch);
                objective.Backward(parameters, gradients);
                gradients.Read<float>(gradient);
                for (int i = 0; i < gradient.Length; i++)
                {
                    sums[i] += gradient[i] / batches;
                    squares[i] += (double)gradient[i] * gradient[i] / batches;
                }
            }

            return (sums, [.. squares.Select((square, i) => square - (sums[i] * sums[i]))]);
        }

        (double[] mean, double[] variance) = Moments(false);
        (double[] pairedMean, double[] pairedVariance) = Moments(true);
        double total = variance.Sum(), pairedTotal = pairedVariance.Sum();
        double apart = mean.Zip(pairedMean, (a, b) => (a - b) * (a - b)).Sum();
        Assert.Multiple(() =>
        {
            Assert.That(pairedTotal, Is.LessThan(0.9 * total));

            // The squared distance of two independent means has the expectation (total + pairedTotal) / batches.
            Assert.That(apart, Is.LessThan(3 * (total + pairedTotal) / batches));
        });
    }

    [Test]
    public void Condition_codes_start_as_far_apart_as_asked()
    {
        var network = new VelocityScoreNetwork(SmallNetwork with { Dimension = 2, Covariates = [2] });
        float[] plain = network.Initialize(5), scaled = network.Initialize(5, 4);
        LinearLayer codes = network.ConditionEncoders[0][^1];
        for (int i = 0; i < plain.Length; i++)
        {
            bool isCode = i >= codes.Offset && i < codes.Offset + codes.Length;
            Assert.That(scaled[i], Is.EqualTo(isCode ? 4 * plain[i] : plain[i]));
        }
    }

    [Test]
    public void Hidden_layers_start_with_the_gain_that_is_asked_for()
    {
        var network = new VelocityScoreNetwork(SmallNetwork with { Dimension = 2, Covariates = [2] });
        float[] plain = network.Initialize(5), scaled = network.Initialize(5, hiddenGain: 3);
        LinearLayer[] hidden = [.. network.DataEncoder, .. network.VelocityHead.SkipLast(1), .. network.ScoreHead.SkipLast(1)];
        for (int i = 0; i < plain.Length; i++)
        {
            bool isHidden = hidden.Any(layer => i >= layer.Offset && i < layer.BiasOffset);
            Assert.That(scaled[i], Is.EqualTo(isHidden ? 3 * plain[i] : plain[i]));
        }
    }

    [Test]
    public void The_default_gain_gives_hidden_weights_the_variance_of_LeCun()
    {
        var network = new VelocityScoreNetwork(new NetworkShape(10, [2]));
        float[] initial = network.Initialize(5, hiddenGain: new TrainingOptions().HiddenGain);
        LinearLayer layer = network.VelocityHead[1];
        double variance = initial.AsSpan(layer.Offset, layer.Outputs * layer.Inputs).ToArray().Average(value => (double)value * value);

        // 65,536 uniform numbers: the mean of their squares is known to half a percent.
        Assert.That(variance * layer.Inputs, Is.EqualTo(1).Within(0.02));
    }

    [Test]
    public void A_short_training_lowers_the_loss_and_finds_the_log_ratio([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        TrainingOptions options = Short with
        {
            Steps = 1500,
            BatchSize = 256,
            ValidationInterval = 100,
            LearningRate = LearningRateSchedule.WarmUpCosine(2e-3),
            AverageDecay = 0.99,
            Seed = seed,
        };
        TrainingResult result = FlowTrainer.Train(Data(20_000), options);

        // Means over a hundred batches, good to about a hundredth; the loss is bounded below by the variance of the targets.
        double first = result.Curve[0].Training.Total;
        Assert.That(result.FinalLoss.Total, Is.LessThan(0.95 * first));
        Assert.That(result.FinalValidation!.Value.Total, Is.LessThan(0.95 * first));

        float[] points = [.. Task.Sample(200, false, 9, 1), .. Task.Sample(200, true, 9, 1)];
        using var estimator = new LogRatioEstimator(
            result.Model, new EstimationOptions { Steps = 10, Divergence = DivergenceMethod.Exact });
        EstimationResult estimate = estimator.Estimate(points, result.Model.Condition("p1"), result.Model.Condition("p0"));
        ErrorSummary errors = ErrorSummary.Of(estimate.Values, Task.LogRatio(points));
        Assert.That(errors.NonFinite, Is.Zero);
        Assert.That(errors.MeanSquared, Is.LessThan(LargestMeanSquaredError));
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads()
    {
        float[] Train(int threads, ulong seed)
        {
            using var backend = new CpuBackend(threads);
            return FlowTrainer.Train(Data(500), Short with { Seed = seed, ConditionDrop = [0.2] }, backend).Model.Parameters.ToArray();
        }

        float[] single = Train(1, 4);
        Assert.That(Bits(Train(1, 4)), Is.EqualTo(Bits(single)), "again");
        Assert.That(Bits(Train(2, 4)), Is.EqualTo(Bits(single)), "2 threads");
        Assert.That(Bits(Train(1, 5)), Is.Not.EqualTo(Bits(single)), "another seed");
    }

    [Test]
    public void Progress_is_reported_with_rising_steps_to_the_last()
    {
        var reports = new List<TrainingProgress>();
        FlowTrainer.Train(Data(500), Short with { Steps = 170 }, progress: new Recorder(reports.Add));
        Assert.That(reports.Select(report => report.Step), Is.Ordered.Ascending.And.Unique);
        Assert.That(reports, Has.Count.GreaterThan(2));
        Assert.That(reports[^1].Step, Is.EqualTo(170));
        Assert.That(reports.Select(report => report.Steps), Is.All.EqualTo(170));
        Assert.That(reports.Select(report => report.Loss.Total), Is.All.Positive);
        Assert.That(reports.Select(report => report.Elapsed), Is.Ordered.Ascending);
    }

    [Test]
    public void Learning_curve_has_a_point_per_interval_and_the_end()
    {
        TrainingResult result = FlowTrainer.Train(Data(500), Short with { Steps = 50 });
        Assert.That(result.Curve.Select(point => point.Step), Is.EqualTo(new[] { 20, 40, 50 }));
        Assert.That(result.FinalLoss, Is.EqualTo(result.Curve[^1].Training));
    }

    [Test]
    public void Validation_loss_is_there_exactly_when_rows_are_held_out()
    {
        TrainingResult with = FlowTrainer.Train(Data(500), Short with { ValidationFraction = 0.2 });
        Assert.That(with.Curve.Select(point => point.Validation), Is.All.Not.Null);
        Assert.That(with.FinalValidation!.Value.Total, Is.Positive);
        TrainingResult without = FlowTrainer.Train(Data(500), Short with { ValidationFraction = 0 });
        Assert.That(without.Curve.Select(point => point.Validation), Is.All.Null);
        Assert.That(without.FinalValidation, Is.Null);
    }

    [Test]
    public void The_model_has_schedule_names_and_standardisation_of_the_training_rows()
    {
        PathSchedule schedule = PathSchedule.NoiseAtData(0.1);
        TrainingSet data = Data(500);
        FlowModel model = FlowTrainer.Train(data, Short with { Steps = 1, Schedule = schedule, ValidationFraction = 0 }).Model;
        Assert.That(model.Schedule, Is.EqualTo(schedule));
        Assert.That(model.Vocabulary, Is.SameAs(data.Vocabulary));
        Assert.That(model.Dimension, Is.EqualTo(2));
        Assert.That(model.Network.Shape.Covariates, Is.EqualTo(new[] { 2 }));
        Assert.That(model.Standardization!.Mean.ToArray(), Is.EqualTo(Standardization.Fit(data.Points, 2).Mean.ToArray()));
        FlowModel plain = FlowTrainer.Train(data, Short with { Steps = 1, Standardize = false }).Model;
        Assert.That(plain.Standardization, Is.Null);
    }

    [Test]
    public void A_cancelled_training_stops_before_its_next_step()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<TrainingProgress>();
        var recorder = new Recorder(report =>
        {
            reports.Add(report);
            source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => FlowTrainer.Train(
            Data(500), Short with { Steps = 1_000_000 }, progress: recorder, cancellation: source.Token));
        Assert.That(reports, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_token_cancelled_beforehand_lets_no_step_through()
    {
        var reports = new List<TrainingProgress>();
        Assert.Throws<OperationCanceledException>(() => FlowTrainer.Train(
            Data(500), Short, progress: new Recorder(reports.Add), cancellation: new CancellationToken(true)));
        Assert.That(reports, Is.Empty);
    }

    [Test]
    public void A_huge_learning_rate_raises_an_exception_that_names_the_step()
    {
        // 1e12 to the power of the four layers of a head exceeds the largest float.
        TrainingOptions options = Short with { LearningRate = LearningRateSchedule.Constant(1e12) };
        TrainingDivergedException exception =
            Assert.Throws<TrainingDivergedException>(() => FlowTrainer.Train(Data(500), options))!;
        Assert.That(exception.Message, Does.Match(@"step \d+").And.Contain("learning rate"));
    }

    [Test]
    public void A_batch_larger_than_the_data_takes_all_rows()
    {
        TrainingResult result = FlowTrainer.Train(Data(20), Short with { BatchSize = 4096, Steps = 3 });
        Assert.That(result.FinalLoss.Total, Is.Positive);
    }

    private static TrainingSet Data(int rows) => TrainingSet.FromClasses(
        "distribution", 2, ("p0", Task.Sample(rows / 2, false, 3, 0)), ("p1", Task.Sample(rows / 2, true, 3, 0)));

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    // Progress<T> would call later, on another thread.
    private sealed class Recorder(Action<TrainingProgress> record) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => record(value);
    }
}
