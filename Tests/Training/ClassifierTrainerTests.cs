using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Classifiers and cross-fitting against closed forms.</summary>
public sealed class ClassifierTrainerTests
{
    [Test]
    public void Log_ratio_of_two_Gaussians_is_learnt_with_classes_of_unequal_size()
    {
        // log p(x | b) - log p(x | a) = sum x - 1 for N(0, I) and N(1, I) in two dimensions, whatever the classes' shares.
        TrainingSet set = Gaussians(3000, 1000);
        using var backend = new CpuBackend(1);
        ClassifierTrainingResult result = ClassifierTrainer.Train(set, 0, new ClassifierTrainingOptions { Hidden = 32, Steps = 1500 }, backend);
        float[] points = new RandomData(33).Normal(400);
        using var estimator = new ClassifierEstimator(result.Model, backend);
        double[] ratios = estimator.LogRatios(points, 1, 0);
        double error = Enumerable.Range(0, 200).Average(i => Square(ratios[i] - (points[2 * i] + points[(2 * i) + 1] - 1)));
        Assert.Multiple(() =>
        {
            // The truth has variance 2; the sampling error of a fit to 4,000 rows is near 0.01.
            Assert.That(error, Is.LessThan(0.1));
            Assert.That(result.BestStep, Is.Positive);
            Assert.That(estimator.LogRatios(points, 0, 1), Is.EqualTo(ratios.Select(value => -value)).Within(1e-12));
        });
    }

    [Test]
    public void Where_classes_do_not_differ_the_ratio_stays_near_zero()
    {
        var random = new RandomData(34);
        TrainingSet set = TrainingSet.FromClasses("class", 2, ("a", random.Normal(20_000)), ("b", random.Normal(10_000)));
        ClassifierTrainingResult result = ClassifierTrainer.Train(set, 0, new ClassifierTrainingOptions { Hidden = 32, Steps = 1000 });
        using var backend = new CpuBackend(1);
        using var estimator = new ClassifierEstimator(result.Model, backend);
        double[] ratios = estimator.LogRatios(set.Points, 1, 0);

        // The held-out 1,500 rows tell log-losses apart to about 1e-3, which is a ratio of rms sqrt(2 * 1e-3 / (2/9)) = 0.1.
        Assert.That(Math.Sqrt(ratios.Average(Square)), Is.LessThan(0.15));
    }

    [Test]
    public void Same_seed_gives_the_same_bits_for_any_number_of_threads_and_another_seed_does_not()
    {
        float[] Train(int threads, ulong seed)
        {
            using var backend = new CpuBackend(threads);
            var options = new ClassifierTrainingOptions { Hidden = 20, Steps = 200, ValidationInterval = 50, Seed = seed };
            return ClassifierTrainer.Train(Gaussians(300, 200), 0, options, backend).Model.Parameters.ToArray();
        }

        float[] first = Train(1, 1);
        Assert.That(Train(2, 1), Is.EqualTo(first));
        Assert.That(Train(1, 2), Is.Not.EqualTo(first));
    }

    [Test]
    public void Cross_fitted_ratios_of_labels_without_meaning_do_not_know_the_labels()
    {
        // A classifier's own training rows would be ranked far above one half.
        var random = new RandomData(35);
        TrainingSet set = TrainingSet.FromClasses("class", 4, ("a", random.Normal(4 * 150)), ("b", random.Normal(4 * 150)));
        var options = new ClassifierTrainingOptions { Hidden = 64, Steps = 400, Patience = 1000 };
        double[] ratios = CrossFitting.Run(set, 0, 3, options).LogRatios(1, 0);
        double above = Enumerable.Range(0, 150).Average(i => Enumerable.Range(150, 150).Average(j => 0.5 * (1 + Math.Sign(ratios[j] - ratios[i]))));

        // An area of 150 x 150 pairs without signal has standard deviation 0.033.
        Assert.That(above, Is.EqualTo(0.5).Within(0.1));
    }

    [Test]
    public void Cross_fitting_scores_every_row_and_follows_the_truth()
    {
        TrainingSet set = Gaussians(900, 600);
        var reports = new List<double>();
        CrossFitting fit = CrossFitting.Run(
            set, 0, 3, new ClassifierTrainingOptions { Hidden = 32, Steps = 600 }, null, new Listener(reports));
        double[] ratios = fit.LogRatios(1, 0);
        double[] truth = [.. Enumerable.Range(0, set.Rows).Select(r => (double)set.Points[2 * r] + set.Points[(2 * r) + 1] - 1)];
        Assert.Multiple(() =>
        {
            Assert.That(ratios, Has.Length.EqualTo(1500).And.All.Not.NaN);
            Assert.That(Statistics.Correlation(ratios, truth), Is.GreaterThan(0.97));
            Assert.That(fit.HeldOutLogLoss, Is.LessThan(0.6730), "the log-loss of the shares 0.6 and 0.4");
            Assert.That(reports, Is.Ordered.Ascending);
            Assert.That(fit.Trainings, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public void A_class_without_enough_rows_is_named()
    {
        TrainingSet set = TrainingSet.FromClasses("arm", 1, ("many", [1f, 2f, 3f]), ("one", [1f]));
        Assert.That(() => ClassifierTrainer.Train(set), Throws.ArgumentException.With.Message.Contains("'one' of 'arm' has 1 rows"));
        var single = new TrainingSet([1f, 2f], 1, new ConditionVocabulary(new CovariateVocabulary("arm", ["a"])), [[0, 0]]);
        Assert.That(() => ClassifierTrainer.Train(single), Throws.ArgumentException.With.Message.Contains("needs two"));
    }

    [Test]
    public void Cancellation_stops_training()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(
            () => ClassifierTrainer.Train(Gaussians(50, 50), cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(0.3)]
    [TestCase(0.45)]
    [TestCase(0.5)]
    public void A_share_is_held_out_of_every_label(double share)
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 3 ? 0 : i < 200 ? 1 : i < 999 ? 2 : 3)];
        bool[] held = StratifiedFolds.HeldOut(labels, share, 9);
        int[] counts = [.. Enumerable.Range(0, 4).Select(label => labels.Zip(held).Count(row => row.First == label && row.Second))];
        Assert.Multiple(() =>
        {
            Assert.That(held.Count(row => row), Is.EqualTo(1000 * share).Within(1));
            Assert.That(counts[1], Is.EqualTo(197 * share).Within(1));
            Assert.That(counts[3], Is.Zero, "the only row of a label is kept");
            Assert.That(StratifiedFolds.HeldOut(labels, share, 9), Is.EqualTo(held));
            Assert.That(StratifiedFolds.HeldOut(labels, share, 10), Is.Not.EqualTo(held));
            Assert.That(() => StratifiedFolds.HeldOut(labels, 1, 9), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Folds_are_even_within_every_label_and_a_function_of_the_seed()
    {
        int[] labels = new RandomData(36).Integers(101, 0, 3);
        int[] folds = StratifiedFolds.Assign(labels, 4, 9);
        Assert.Multiple(() =>
        {
            foreach (int label in labels.Distinct())
            {
                int[] counts = [.. Enumerable.Range(0, 4).Select(fold => Enumerable.Range(0, 101).Count(r => labels[r] == label && folds[r] == fold))];
                Assert.That(counts.Max() - counts.Min(), Is.LessThanOrEqualTo(1));
            }

            Assert.That(StratifiedFolds.Assign(labels, 4, 9), Is.EqualTo(folds));
            Assert.That(StratifiedFolds.Assign(labels, 4, 10), Is.Not.EqualTo(folds));
        });
    }

    [Test]
    public void Log_loss_of_a_worked_example()
    {
        // softmax(0, ln 3) = (1/4, 3/4): -ln(3/4) and -ln(1/4), mean 0.8370.
        double loss = LogLoss.Mean([0, Math.Log(3), 0, Math.Log(3)], [1, 0]);
        Assert.That(loss, Is.EqualTo(-0.5 * Math.Log(3.0 / 16)).Within(1e-12));
    }

    private static TrainingSet Gaussians(int first, int second)
    {
        var random = new RandomData(32);
        return TrainingSet.FromClasses(
            "class", 2, ("a", random.Normal(2 * first)), ("b", [.. random.Normal(2 * second).Select(value => value + 1)]));
    }

    private static double Square(double value) => value * value;

    private sealed class Listener(List<double> reports) : IProgress<double>
    {
        public void Report(double value) => reports.Add(value);
    }
}
