using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Tests.Models;

/// <summary>Names of conditions.</summary>
public sealed class ConditionVocabularyTests
{
    private static readonly ConditionVocabulary Two =
        new(new CovariateVocabulary("dose", ["none", "low", "high"]), new CovariateVocabulary("sex", ["f", "m"]));

    private static readonly ConditionVocabulary One = new(new CovariateVocabulary("group", ["treated", "control"]));

    [Test]
    public void Sizes_are_the_numbers_of_categories() => Assert.That(Two.Sizes, Is.EqualTo(new[] { 3, 2 }));

    [Test]
    public void Names_become_numbers_whatever_their_order()
    {
        Assert.That(Two.Condition(("dose", "high"), ("sex", "f")).Categories, Is.EqualTo(new[] { 2, 0 }));
        Assert.That(Two.Condition(("sex", "f"), ("dose", "high")).Categories, Is.EqualTo(new[] { 2, 0 }));
        Assert.That(One.Condition("control").Categories, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Covariates_that_are_not_named_are_dropped()
    {
        Assert.That(Two.Condition(("sex", "m")).Categories, Is.EqualTo(new[] { Condition.Dropped, 1 }));
        Assert.That(Two.Condition(), Is.EqualTo(Condition.Empty(2)));
        Assert.That(new ConditionVocabulary().Condition(), Is.EqualTo(Condition.Empty(0)));
    }

    [Test]
    public void An_unknown_covariate_is_named_and_those_there_are_listed() =>
        Refuses(() => Two.Condition(("age", "old")), "'age'", "dose, sex");

    [Test]
    public void An_unknown_category_is_named_and_those_there_are_listed()
    {
        Refuses(() => Two.Condition(("dose", "medium")), "'medium'", "'dose'", "none, low, high");
        Refuses(() => One.Condition("Control"), "'Control'", "'group'", "treated, control");
    }

    [Test]
    public void A_covariate_given_twice_is_named() =>
        Refuses(() => Two.Condition(("dose", "low"), ("dose", "high")), "'dose'", "twice");

    [Test]
    public void A_category_alone_needs_a_single_covariate() => Refuses(() => Two.Condition("low"), "'low'", "2 covariates");

    [Test]
    public void Names_must_be_distinct()
    {
        Refuses(() => _ = new CovariateVocabulary("dose", ["low", "high", "low"]), "'dose'", "'low'", "twice");
        Refuses(
            () => _ = new ConditionVocabulary(new CovariateVocabulary("dose", ["a"]), new CovariateVocabulary("dose", ["b"])), "'dose'");
    }

    [Test]
    public void A_covariate_needs_a_name_and_categories()
    {
        Refuses(() => _ = new CovariateVocabulary("dose", []), "'dose'", "no categories");
        Assert.Throws<ArgumentException>(() => _ = new CovariateVocabulary(string.Empty, ["a"]));
    }

    private static void Refuses(TestDelegate ask, params string[] parts)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(ask)!;
        foreach (string part in parts)
        {
            Assert.That(exception.Message, Does.Contain(part));
        }
    }
}
