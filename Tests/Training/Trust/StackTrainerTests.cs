using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Records;
using FlowRatio.Training.Trust;

namespace FlowRatio.Tests.Training.Trust;

/// <summary>Log-ratios that held-out labels support, on data whose ratios are known.</summary>
public sealed class StackTrainerTests
{
    private const int Dimension = 3;
    private static readonly StackOptions OneThread = new() { Threads = 1 };
    private TrainingSet shifted = null!;
    private RatioStack stack = null!;

    [OneTimeSetUp]
    public void Train()
    {
        shifted = Shifted(seed: 11, rows: 400);
        stack = StackTrainer.Train(shifted, OneThread);
    }

    [Test]
    public void The_ratio_of_shifted_Gaussians_is_found_within_its_intervals()
    {
        TrainingSet fresh = Shifted(seed: 12, rows: 400);
        StackedRatios found = stack.Estimate(fresh.Points, Class(1), Class(0));
        double[] truth = [.. Enumerable.Range(0, fresh.Rows).Select(r => fresh.Points[r * Dimension] - 0.5)];
        Assert.That(truth.Zip(found.Values, (a, b) => (a - b) * (a - b)).Average(), Is.LessThan(0.25), "their variance is 1.25");
        int covered = Enumerable.Range(0, fresh.Rows).Count(r => found.Low[r] <= truth[r] && truth[r] <= found.High[r]);
        Assert.That(covered, Is.GreaterThan(0.82 * fresh.Rows));
        Assert.That(found.Errors.Average(), Is.LessThan(1.2));
        Assert.That(found.Seen, Is.Zero);
        Assert.That(stack.Record.IsNull, Is.False);
        Assert.That(stack.Record.LogLoss, Is.LessThan(stack.Record.ConstantLogLoss - 0.05));
    }

    [Test]
    public void Without_a_difference_log_ratios_are_near_zero_and_own_labels_do_not_show()
    {
        float[] points = new RandomData(13).Normal(300 * Dimension);
        int[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 2)];
        TrainingSet data = Labelled(points, labels, "a", "b");
        RatioStack none = StackTrainer.Train(data, OneThread);
        Assert.That(none.Record.IsNull);
        Assert.That(none.Record.Sentence, Does.StartWith("No difference was found"));
        StackedRatios own = none.Estimate(points, Class(1), Class(0));
        Assert.That(own.Seen, Is.EqualTo(300));
        Assert.That(own.Values.Average(Math.Abs), Is.LessThan(0.1));
        Assert.That(none.Estimate(new RandomData(14).Normal(300 * Dimension), Class(1), Class(0)).Values.Average(Math.Abs), Is.LessThan(0.1));

        // A model that has seen its rows would tell their labels.
        double Mean(int label) => own.Values.Where((_, i) => labels[i] == label).Average();
        Assert.That(Mean(1) - Mean(0), Is.LessThan(0.02));
    }

    [Test]
    public void Own_rows_are_recognised_in_any_order_and_scored_by_fits_that_did_not_see_them()
    {
        float[] points = shifted.Points.ToArray();
        StackedRatios whole = stack.Estimate(points, Class(1), Class(0));
        StackedRatios one = stack.Estimate(points.AsSpan(7 * Dimension, Dimension), Class(1), Class(0));
        Assert.That(whole.Seen, Is.EqualTo(shifted.Rows));
        Assert.That(one.Seen, Is.EqualTo(1));
        Assert.That(one.Values[0], Is.EqualTo(whole.Values[7]));
        Assert.That(one.Errors[0], Is.EqualTo(whole.Errors[7]));

        // A rounding does not hide them; at another place they are new.
        float[] rounded = [.. points.Select(value => MathF.BitIncrement(value))], moved = [.. points.Select(value => 1.01f * value)];
        Assert.That(stack.Estimate(rounded, Class(1), Class(0)).Seen, Is.GreaterThan(0.95 * shifted.Rows));
        Assert.That(stack.Estimate(moved, Class(1), Class(0)).Seen, Is.Zero);
    }

    [Test]
    public void Results_do_not_depend_on_threads()
    {
        float[] fresh = Shifted(seed: 15, rows: 70).Points.ToArray();
        RatioStack again = StackTrainer.Train(shifted, OneThread with { Threads = 3 });
        Assert.That(again.Estimate(fresh, Class(1), Class(0), threads: 2).Values, Is.EqualTo(stack.Estimate(fresh, Class(1), Class(0), threads: 1).Values));
    }

    [Test]
    public void A_model_file_keeps_everything_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("m.flow");
        new TrainedModel(SmallModel.Create(Dimension), null, null) { Stack = stack }.Write(path);
        TrainedModel read = TrainedModel.Read(path);
        Assert.That(read.Unknown, Is.Empty);
        Assert.That(read.Stack!.Record.Sentence, Is.EqualTo(stack.Record.Sentence));
        foreach (float[] points in (float[][])[shifted.Points.ToArray(), Shifted(seed: 16, rows: 40).Points.ToArray()])
        {
            StackedRatios before = stack.Estimate(points, Class(1), Class(0)), after = read.Stack.Estimate(points, Class(1), Class(0));
            Assert.That(after.Values, Is.EqualTo(before.Values));
            Assert.That(after.Errors, Is.EqualTo(before.Errors));
            Assert.That(after.Seen, Is.EqualTo(before.Seen));
        }
    }

    [Test]
    public void Rows_need_not_be_stored()
    {
        RatioStack without = StackTrainer.Train(shifted, OneThread with { StoresRows = false });
        Assert.That(without.Record.StoredRows, Is.Zero);
        Assert.That(without.Record.Weights.Keys, Has.None.EqualTo("neighbors"));
        Assert.That(stack.Record.StoredRows, Is.EqualTo(shifted.Rows));
    }

    [Test]
    public void Ratios_of_many_conditions_fit_together_and_dropped_covariates_are_mixtures()
    {
        var random = new RandomData(17);
        float[] points = random.Normal(600 * 2);
        int[] group = [.. Enumerable.Range(0, 600).Select(i => i % 3)], batch = [.. Enumerable.Range(0, 600).Select(i => i / 3 % 2)];
        for (int r = 0; r < 600; r++)
        {
            points[2 * r] += group[r];
            points[(2 * r) + 1] += 0.8f * batch[r];
        }

        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b", "c"]), new CovariateVocabulary("batch", ["p", "q"]));
        RatioStack many = StackTrainer.Train(new TrainingSet(points, 2, vocabulary, [group, batch]), OneThread);
        Assert.That(many.Conditions, Has.Count.EqualTo(6));
        float[] fresh = random.Normal(50 * 2);
        double[] Ratio(Condition above, Condition below) => many.Estimate(fresh, above, below).Values;
        Condition a = new(0, 0), b = new(1, 0), c = new(2, 1), anyA = new(0, Condition.Dropped), anyB = new(1, Condition.Dropped);
        double[] ab = Ratio(a, b), ba = Ratio(b, a), bc = Ratio(b, c), ac = Ratio(a, c);
        double[] mixed = Ratio(anyA, b), first = Ratio(a, b), second = Ratio(new Condition(0, 1), b), whole = Ratio(anyA, anyB);
        for (int r = 0; r < ab.Length; r++)
        {
            Assert.That(ba[r], Is.EqualTo(-ab[r]).Within(1e-12));
            Assert.That(ac[r], Is.EqualTo(ab[r] + bc[r]).Within(1e-9));
            Assert.That(Math.Exp(mixed[r]), Is.EqualTo(0.5 * (Math.Exp(first[r]) + Math.Exp(second[r]))).Within(1e-9));

            // Batches are the same in all groups: log p(x | a) - log p(x | b) = 1/2 - x.
            Assert.That(whole[r], Is.EqualTo(0.5 - fresh[2 * r]).Within(1.5));
        }
    }

    [Test]
    public void A_covariate_without_an_effect_is_not_drawn_along_by_one_with_a_strong_one()
    {
        var random = new RandomData(25);
        float[] points = random.Normal(400 * Dimension);
        int[] group = [.. Enumerable.Range(0, 400).Select(i => i % 2)], batch = [.. Enumerable.Range(0, 400).Select(i => i / 2 % 2)];
        for (int r = 0; r < 400; r++)
        {
            points[Dimension * r] += 2 * batch[r];
        }

        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b"]), new CovariateVocabulary("batch", ["p", "q"]));
        RatioStack both = StackTrainer.Train(new TrainingSet(points, Dimension, vocabulary, [group, batch]), OneThread with { StoresRows = false });
        float[] fresh = random.Normal(200 * Dimension);
        double[] null0 = both.Estimate(fresh, new Condition(1, 0), new Condition(0, 0)).Values;
        double[] strong = both.Estimate(fresh, new Condition(0, 1), new Condition(0, 0)).Values;
        Assert.That(null0.Average(Math.Abs), Is.LessThan(0.1));
        Assert.That(strong.Select((value, r) => Math.Pow(value - ((2 * fresh[Dimension * r]) - 2), 2)).Average(), Is.LessThan(1), "its variance is 4");
    }

    [Test]
    public void What_cannot_be_judged_is_said()
    {
        float[] points = new RandomData(18).Normal(60);
        Assert.That(StackTrainer.Obstacle(Labelled(points, [.. Enumerable.Range(0, 20).Select(i => i < 5 ? 1 : 0)], "a", "b")), Does.Contain("10 rows"));
        var doses = new ConditionVocabulary([], [ContinuousCovariate.Of("dose", [.. Enumerable.Range(0, 20).Select(i => (double)i)])]);
        Assert.That(
            StackTrainer.Obstacle(new TrainingSet(points, 3, doses, [], [Enumerable.Range(0, 20).Select(i => (double)i).ToArray()])), Does.Contain("numbers"));
        int[] many = [.. Enumerable.Range(0, 2010).Select(i => i % 201)];
        Assert.That(
            StackTrainer.Obstacle(Labelled(new float[2010 * 3], many, [.. Enumerable.Range(0, 201).Select(i => $"{i}")])), Does.Contain("201 combinations"));
        TrainingSet third = Labelled(new RandomData(19).Normal(200 * 3), [.. Enumerable.Range(0, 200).Select(i => i < 4 ? 2 : i % 2)], "a", "b", "c");
        RatioStack most = StackTrainer.Train(third, OneThread with { StoresRows = false });
        Assert.That(most.Record.LeftOut, Is.EqualTo(new[] { "class=c" }));
        Assert.That(() => most.Estimate(new float[3], Class(2), Class(0)), Throws.ArgumentException.With.Message.Contains("too few"));
    }

    private static Condition Class(int category) => new(category);

    private static TrainingSet Labelled(float[] points, int[] labels, params string[] classes) => new(
        points, Dimension, new ConditionVocabulary(new CovariateVocabulary("class", classes)), [labels]);

    /// <summary>N(0, I) and N((1, 0, 0), I), whose log-ratio is x_1 - 1/2.</summary>
    private static TrainingSet Shifted(ulong seed, int rows)
    {
        float[] points = new RandomData(seed).Normal(rows * Dimension);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2)];
        for (int r = 0; r < rows; r++)
        {
            points[r * Dimension] += labels[r];
        }

        return Labelled(points, labels, "a", "b");
    }
}
