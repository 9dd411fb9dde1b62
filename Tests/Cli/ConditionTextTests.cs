using FlowRatio.Cli.Arguments;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Records;

namespace FlowRatio.Tests.Cli;

/// <summary>Conditions as they are typed: every label can be named, and none is mistaken for another.</summary>
public sealed class ConditionTextTests
{
    private static readonly string[] Labels =
    [
        "a", " a", "a ", "LPS, t=24h", "a,day=1", "day=1", "x=y", "=", ",", "\"q\"", "q", "it's", "new\nline", "a + b", "*", "", "-x", "@x", "\"a\"=\"b\"", "group=a",
    ];

    private static readonly TrainedModel Model = Create(
        new ConditionVocabulary(
            [new CovariateVocabulary("group", Labels), new CovariateVocabulary("day", ["1", "01", "2,dose=1"]), new CovariateVocabulary(" b,c=d", ["\"", "z"])],
            [new ContinuousCovariate("dose", 1, 1, 0, 2)]));

    [TestCaseSource(nameof(Labels))]
    public void A_label_as_it_is_written_is_read_again(string label)
    {
        foreach ((string Covariate, string Category)[] named in ((string, string)[][])
                 [[("group", label)], [("group", label), ("day", "1")], [("day", "2,dose=1"), ("group", label), ("dose", "0.5")], [(" b,c=d", "\""), ("group", label)]])
        {
            string text = ConditionText.Write(named, Model.Model.Vocabulary);
            Assert.That(ConditionText.Parse(text, "--numerator", Model).Named, Is.EqualTo(named), text);
        }
    }

    [TestCase("group=LPS, t=24h", "LPS, t=24h")]
    [TestCase("group= a", " a")]
    [TestCase("group=a", "a")]
    [TestCase(" group = x=y ", "x=y")]
    [TestCase("group=  a", "a")]
    [TestCase("group=\"a\"", "a")]
    [TestCase("group=\"\"\"q\"\"\"", "\"q\"")]
    [TestCase("group=\"*\"", "*")]
    public void A_label_is_found_as_it_is_and_then_without_blanks(string text, string label) =>
        Assert.That(ConditionText.Parse(text, "--numerator", Model).Named, Is.EqualTo(new[] { ("group", label) }));

    [Test]
    public void A_text_with_two_meanings_is_refused_with_both()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => ConditionText.Parse("group=a,day=1", "--numerator", Model))!;
        Assert.That(exception.Message, Does.Contain("--numerator").And.Contain("'\"group\"=\"a\",\"day\"=\"1\"'").And.Contain("'\"group\"=\"a,day=1\"'"));
        Assert.That(ConditionText.Parse("\"group\"=\"a\",\"day\"=\"1\"", "-", Model).Named, Is.EqualTo(new[] { ("group", "a"), ("day", "1") }));
        Assert.That(ConditionText.Parse("\"group\"=\"a,day=1\"", "-", Model).Named, Is.EqualTo(new[] { ("group", "a,day=1") }));
    }

    [Test]
    public void Dropped_covariates_have_no_value() =>
        Assert.That(ConditionText.Parse("group=*,day=01", "-", Model).Named, Is.EqualTo(new[] { ("day", "01") }));

    [TestCase("grup=a", "'grup'", "did you mean 'group'")]
    [TestCase("group=b", "no category 'b'")]
    [TestCase("group=q,group=q", "'group' is given twice")]
    [TestCase("day=3,group=q", "'day' has no category '3'")]
    [TestCase("group", "column=value")]
    [TestCase("dose=high", "'high'")]
    [TestCase("group=q,dse=1", "'dse'")]
    public void A_mistake_is_named(string text, params string[] parts)
    {
        string message = Assert.Throws<ArgumentException>(() => ConditionText.Parse(text, "--numerator", Model))!.Message;
        foreach (string part in parts)
        {
            Assert.That(message, Does.Contain(part));
        }
    }

    private static TrainedModel Create(ConditionVocabulary vocabulary)
    {
        var shape = new NetworkShape(2, [.. vocabulary.Sizes]) { DataHidden = 3, DataCode = 2, ConditionHidden = 3, ConditionCode = 2, TimeFeatures = 2, HeadHidden = 3, HeadLayers = 1, ContinuousCovariates = vocabulary.Continuous.Length };
        return new TrainedModel(new FlowModel(shape, new VelocityScoreNetwork(shape).Initialize(1), PathSchedule.Deterministic, vocabulary), null, null);
    }
}
