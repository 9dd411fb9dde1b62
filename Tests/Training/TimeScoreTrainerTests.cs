using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training;

/// <summary>Training a time score from data to log-ratios.</summary>
public sealed class TimeScoreTrainerTests
{
    private const double Shift = 1;

    [Test]
    public void A_short_training_learns_the_log_ratio_of_two_Gaussians([Values] TimeScoreLoss loss, [Values] bool twoSided)
    {
        using var backend = new CpuBackend(threads: 2);
        TimeScorePath path = (twoSided ? TimeScorePath.TwoSided() : TimeScorePath.OneSided) with
        {
            Weighting = loss == TimeScoreLoss.Marginal ? TimeScoreWeighting.PathVariance : TimeScoreWeighting.ObjectiveVariance,
        };
        TimeScoreTrainingResult result = Train(backend, Small with { Loss = loss, Path = path, Steps = 2500 });
        using var estimator = new TimeScoreEstimator(result.Model, backend);
        float[] points = [.. new RandomData(5).Normal(200), .. new RandomData(6).Normal(200).Select(value => (float)(value + Shift))];
        double[] errors = [.. estimator.Estimate(points).Values.Zip(points, (value, x) => value - ((Shift * x) - (0.5 * Shift * Shift)))];

        // The log-ratio has a standard deviation of 1.1; the sign alone, or a missing term of a loss, is off by more than half of that.
        Assert.That(Math.Sqrt(errors.Average(error => error * error)), Is.LessThan(0.3));
    }

    [Test]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads()
    {
        float[] Run(int threads, ulong seed)
        {
            using var backend = new CpuBackend(threads);
            return Train(backend, Small with { Steps = 20, Seed = seed }).Model.Parameters.ToArray();
        }

        float[] first = Run(1, 1);
        Assert.That(Run(2, 1), Is.EqualTo(first));
        Assert.That(Run(1, 2), Is.Not.EqualTo(first));
    }

    [Test]
    public void Progress_ends_with_the_last_step_and_cancellation_stops()
    {
        using var backend = new CpuBackend(threads: 1);
        var reports = new Reports();
        TimeScoreTrainingResult result = Train(backend, Small with { Steps = 250 }, reports);
        Assert.That(reports.All.Select(report => report.Step), Is.EqualTo(new[] { 200, 250 }));
        Assert.That(reports.All[^1].Loss, Is.EqualTo(result.FinalLoss));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(() => Train(backend, Small, null, source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_diverging_training_says_so()
    {
        using var backend = new CpuBackend(threads: 1);
        Assert.That(
            () => Train(backend, Small with { LearningRate = LearningRateSchedule.Constant(1e30), Steps = 200 }),
            Throws.InstanceOf<TrainingDivergedException>());
    }

    [Test]
    public void Options_out_of_range_are_named()
    {
        using var backend = new CpuBackend(threads: 1);
        Assert.That(() => Train(backend, Small with { Steps = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Steps"));
        Assert.That(() => Train(backend, Small with { BatchSize = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("BatchSize"));
        Assert.That(() => Train(backend, Small with { Hidden = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Hidden"));
        Assert.That(
            () => Train(backend, Small with
            {
                Loss = TimeScoreLoss.Conditional,
                Path = TimeScorePath.OneSided with { Weighting = TimeScoreWeighting.PathVariance },
            }),
            Throws.ArgumentException.With.Message.Contains("PathVariance"));
    }

    private static TimeScoreTrainingOptions Small => new() { Hidden = 32, BatchSize = 128, LearningRate = LearningRateSchedule.WarmUpCosine(5e-3) };

    private static TimeScoreTrainingResult Train(
        ComputeBackend backend,
        TimeScoreTrainingOptions options,
        IProgress<TimeScoreProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var random = new RandomData(4);
        using var pairs = new DataSetPairs(
            backend, random.Normal(2000), [.. random.Normal(2000).Select(value => (float)(value + Shift))], 1, Math.Max(1, options.BatchSize), 1);
        return TimeScoreTrainer.Train(pairs, options, backend, progress, cancellation);
    }

    private sealed class Reports : IProgress<TimeScoreProgress>
    {
        public List<TimeScoreProgress> All { get; } = [];

        public void Report(TimeScoreProgress value) => All.Add(value);
    }
}
