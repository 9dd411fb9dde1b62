using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Models;

/// <summary>A model: its parts must fit, and it does not change.</summary>
public sealed class FlowModelTests
{
    private static readonly NetworkShape Shape = new(2, [2]) { DataHidden = 4, DataCode = 3, HeadHidden = 4, HeadLayers = 1 };

    private static readonly VelocityScoreNetwork Network = new(Shape);

    private static readonly ConditionVocabulary Vocabulary = new(new CovariateVocabulary("group", ["treated", "control"]));

    [Test]
    public void Keeps_its_parts_and_copies_the_parameters()
    {
        float[] parameters = Network.Initialize(1);
        float[] original = [.. parameters];
        var map = new Standardization([1, 2], [3, 4]);
        var model = new FlowModel(Shape, parameters, PathSchedule.Deterministic, Vocabulary, map);
        parameters[0] = 99;
        Assert.That(model.Parameters.ToArray(), Is.EqualTo(original));
        Assert.That(model.Dimension, Is.EqualTo(2));
        Assert.That(model.Schedule, Is.SameAs(PathSchedule.Deterministic));
        Assert.That(model.Standardization, Is.SameAs(map));
        Assert.That(model.Network.ParameterCount, Is.EqualTo(original.Length));
    }

    [Test]
    public void Conditions_come_from_the_vocabulary()
    {
        var model = new FlowModel(Shape, Network.Initialize(1), PathSchedule.Deterministic, Vocabulary);
        Assert.That(model.Condition("control"), Is.EqualTo(Vocabulary.Condition("control")));
        Assert.That(model.Condition(("group", "treated")), Is.EqualTo(Vocabulary.Condition("treated")));
        ArgumentException exception = Assert.Throws<ArgumentException>(() => model.Condition("placebo"))!;
        Assert.That(exception.Message, Does.Contain("'placebo'").And.Contain("treated, control"));
        exception = Assert.Throws<ArgumentException>(() => model.Condition(("dose", "high")))!;
        Assert.That(exception.Message, Does.Contain("'dose'").And.Contain("group"));
    }

    [Test]
    public void A_wrong_number_of_parameters_is_named_with_the_right_one()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => _ = new FlowModel(Shape, new float[5], PathSchedule.Deterministic, Vocabulary))!;
        Assert.That(exception.ParamName, Is.EqualTo("parameters"));
        Assert.That(exception.Message, Does.Contain("5 elements").And.Contain($"{Network.ParameterCount}"));
    }

    [Test]
    public void A_vocabulary_of_other_sizes_is_refused()
    {
        var other = new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b", "c"]));
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => _ = new FlowModel(Shape, Network.Initialize(1), PathSchedule.Deterministic, other))!;
        Assert.That(exception.ParamName, Is.EqualTo("vocabulary"));
    }

    [Test]
    public void A_standardisation_of_another_dimension_is_named_with_both()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => _ = new FlowModel(
            Shape, Network.Initialize(1), PathSchedule.Deterministic, Vocabulary, new Standardization([0, 0, 0], [1, 1, 1])))!;
        Assert.That(exception.ParamName, Is.EqualTo("standardization"));
        Assert.That(exception.Message, Does.Contain("3 coordinates").And.Contain("2"));
    }
}
