using FlowRatio.Training.Trust;

namespace FlowRatio.Tests.Training.Trust;

/// <summary>What is said about held-out labels.</summary>
public sealed class StackRecordTests
{
    [TestCase(200, 0.693, 0.543, "Labels are 0.150 nats better known than by guessing: differences are clear.")]
    [TestCase(200, 0.693, 0.643, "Labels are 0.050 nats better known than by guessing: differences are weak; log-ratios are shrunk accordingly.")]
    [TestCase(200, 0.693, 0.700, "No difference was found: labels of 200 rows are no better known than by guessing; log-ratios are near 0.")]
    [TestCase(40, 0.693, 0.614, "No difference was found: labels of 40 rows are 0.079 nats better known than by guessing, which chance can do; log-ratios mean little.")]
    public void Two_classes_of_equal_size(int rows, double guessing, double loss, string sentence) =>
        Assert.That(Record(guessing, loss, rows / 2, rows / 2).Sentence, Is.EqualTo(sentence));

    [Test]
    public void A_rare_class_is_not_a_weak_difference()
    {
        // 25 of 20,025 rows: labels have 0.0096 nats each, however different the rows are.
        Assert.That(Record(0.0096, 0.0085, 25, 20_000).Sentence, Is.EqualTo("Labels are 0.0011 nats better known than by guessing: differences are clear."));
        Assert.That(Record(0.0096, 0.0092, 25, 20_000).Sentence, Does.Contain("differences are weak"));
    }

    [Test]
    public void Several_combinations_say_nothing_of_two_of_them() =>
        Assert.That(
            Record(1.386, 1.236, 50, 50, 50, 50).Sentence,
            Is.EqualTo("Labels are 0.150 nats better known than by guessing: differences are clear (of 4 combinations of categories together; two of them may be alike)."));

    private static StackRecord Record(double guessing, double loss, params long[] rows) => new()
    {
        Rows = (int)rows.Sum(),
        AllRows = (int)rows.Sum(),
        ClassRows = rows,
        ConstantLogLoss = guessing,
        LogLoss = loss,
        LinearLogLoss = loss,
        Slope = 1,
        Weights = new Dictionary<string, double>(),
    };
}
