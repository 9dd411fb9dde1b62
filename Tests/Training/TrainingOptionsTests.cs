using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Options of a training: what is refused, and with which message.</summary>
public sealed class TrainingOptionsTests
{
    [Test]
    public void Passes_are_counted_with_the_rows_that_a_step_really_has()
    {
        // 100 rows with batches of 256 asked for: a step is one pass, 40 steps are 40 and not 102.
        Assert.That(new TrainingOptions { Steps = 40 }.WhiteningFor(100), Is.Not.Null);
        Assert.That(new TrainingOptions { Steps = 51 }.WhiteningFor(100), Is.Null);
    }

    private static IEnumerable<TestCaseData> BadOptions =>
    [
        Case(nameof(TrainingOptions.Steps), "0", new TrainingOptions { Steps = 0 }),
        Case(nameof(TrainingOptions.Steps), "-3", new TrainingOptions { Steps = -3 }),
        Case(nameof(TrainingOptions.BatchSize), "0", new TrainingOptions { BatchSize = 0 }),
        Case(nameof(TrainingOptions.BatchSize), "1048577", new TrainingOptions { BatchSize = (1 << 20) + 1 }),
        Case(nameof(TrainingOptions.AverageDecay), "-0.5", new TrainingOptions { AverageDecay = -0.5 }),
        Case(nameof(TrainingOptions.AverageDecay), "1", new TrainingOptions { AverageDecay = 1 }),
        Case(nameof(TrainingOptions.LatestTime), "0", new TrainingOptions { LatestTime = 0 }),
        Case(nameof(TrainingOptions.LatestTime), "1.5", new TrainingOptions { LatestTime = 1.5 }),
        Case(nameof(TrainingOptions.TargetReferences), "-1", new TrainingOptions { TargetReferences = -1 }),
        Case(nameof(TrainingOptions.ConditionScale), "0", new TrainingOptions { ConditionScale = 0 }),
        Case(nameof(TrainingOptions.HiddenGain), "0", new TrainingOptions { HiddenGain = 0 }),
        Case(nameof(TrainingOptions.Whitening), "0", new TrainingOptions { Whitening = 0 }),
        Case(nameof(TrainingOptions.Whitening), "2000", new TrainingOptions { Whitening = 2000 }),
        Case(nameof(TrainingOptions.Whitening), "NaN", new TrainingOptions { Whitening = double.NaN }),
        Case(nameof(TrainingOptions.MostWhitenedPasses), "-1", new TrainingOptions { MostWhitenedPasses = -1 }),
        Case(nameof(BaseChoice.Components), "0", new TrainingOptions { Base = new BaseChoice(BaseKind.Mixture, 0) }),
        Case(nameof(BaseChoice.Kind), "99", new TrainingOptions { Base = new BaseChoice((BaseKind)99) }),
        Case(nameof(TrainingOptions.ConditionDrop), "-0.1", new TrainingOptions { ConditionDrop = [-0.1] }),
        Case(nameof(TrainingOptions.ConditionDrop), "1.1", new TrainingOptions { ConditionDrop = [0, 1.1] }),
        Case(nameof(TrainingOptions.ConditionDrop), "NaN", new TrainingOptions { ConditionDrop = [double.NaN] }),
        Case(nameof(TrainingOptions.ValidationFraction), "-1", new TrainingOptions { ValidationFraction = -1 }),
        Case(nameof(TrainingOptions.ValidationFraction), "1", new TrainingOptions { ValidationFraction = 1 }),
        Case(nameof(TrainingOptions.ValidationInterval), "0", new TrainingOptions { ValidationInterval = 0 }),
    ];

    [TestCaseSource(nameof(BadOptions))]
    public void A_bad_option_is_named_with_its_value(string name, string value, TrainingOptions options)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(options.Validate)!;
        Assert.That(exception.ParamName, Is.EqualTo(name));
        Assert.That(exception.Message, Does.Contain(name).And.Contain(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowTrainer.Train(Data, options), "training checks");
    }

    [Test]
    public void Defaults_are_valid() => Assert.DoesNotThrow(new TrainingOptions().Validate);

    [Test]
    public void One_drop_probability_serves_all_covariates()
    {
        var options = new TrainingOptions { ConditionDrop = [0.2] };
        Assert.That(options.DropProbabilities(3), Is.EqualTo(new[] { 0.2, 0.2, 0.2 }));
        Assert.That(options.DropProbabilities(0), Is.Empty);
    }

    [Test]
    public void One_drop_probability_per_covariate_is_kept_in_order()
    {
        var options = new TrainingOptions { ConditionDrop = [0.2, 0.7] };
        Assert.That(options.DropProbabilities(2), Is.EqualTo(new[] { 0.2, 0.7 }));
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(3)]
    public void A_list_of_drop_probabilities_of_the_wrong_length_is_refused(int length)
    {
        // The data have one covariate.
        var options = new TrainingOptions { Steps = 1, ConditionDrop = [.. Enumerable.Repeat(0.1, length)] };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => FlowTrainer.Train(Data, options))!;
        Assert.That(
            exception.Message, Does.Contain("ConditionDrop").And.Contain($"{length} entries").And.Contain("1 covariates"));
    }

    private static TrainingSet Data { get; } = TrainingSet.FromClasses(
        "group", 2, ("a", new RandomData(1).Normal(20)), ("b", new RandomData(2).Normal(20)));

    private static TestCaseData Case(string name, string value, TrainingOptions options) =>
        new TestCaseData(name, value, options).SetArgDisplayNames(name, value);
}
