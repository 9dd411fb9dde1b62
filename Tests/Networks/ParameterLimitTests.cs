using FlowRatio.Engine.Networks;

namespace FlowRatio.Tests.Networks;

/// <summary>Networks of more parameters than an array holds are refused before anything is laid out.</summary>
public sealed class ParameterLimitTests
{
    [Test]
    public void The_largest_array_is_allowed_and_one_more_layer_element_is_not()
    {
        // Two parameters per class: a weight and a bias.
        const int Most = 2_147_483_591 / 2;
        Assert.That(Array.MaxLength / 2, Is.EqualTo(Most));
        Assert.That(() => (new ClassifierShape(1, Most) { HiddenLayers = 0 }).Validate(), Throws.Nothing);
        AssertNamed(nameof(ClassifierShape.Classes), Most + 1, (new ClassifierShape(1, Most + 1) { HiddenLayers = 0 }).Validate);
    }

    [Test]
    public void Sizes_of_a_classifier_are_named_with_their_values()
    {
        AssertNamed(nameof(ClassifierShape.Hidden), 65_536, () => _ = new ClassifierNetwork(new ClassifierShape(3, 2) { Hidden = 65_536 }));
        AssertNamed(nameof(ClassifierShape.Hidden), int.MaxValue, (new ClassifierShape(3, 2) { Hidden = int.MaxValue, HiddenLayers = 1 }).Validate);
        AssertNamed(nameof(ClassifierShape.HiddenLayers), int.MaxValue, (new ClassifierShape(3, 2) { HiddenLayers = int.MaxValue }).Validate);
        AssertNamed(nameof(ClassifierShape.Dimension), 1 << 30, new ClassifierShape(1 << 30, 2).Validate);
    }

    [Test]
    public void Sizes_of_a_time_score_are_named_with_their_values()
    {
        AssertNamed(nameof(TimeScoreShape.Hidden), 65_536, () => _ = new TimeScoreNetwork(new TimeScoreShape(3) { Hidden = 65_536 }));
        AssertNamed(nameof(TimeScoreShape.HiddenLayers), int.MaxValue, (new TimeScoreShape(3) { HiddenLayers = int.MaxValue }).Validate);
        AssertNamed(nameof(TimeScoreShape.Dimension), int.MaxValue, (new TimeScoreShape(int.MaxValue) { PerCoordinate = true }).Validate);
    }

    [Test]
    public void A_layer_never_has_a_length_that_is_wrapped()
    {
        Assert.That(() => new LinearLayer("wide", 65_536, 65_536, 0).Length, Throws.TypeOf<OverflowException>());
        Assert.That(() => new LinearLayer("wide", 65_536, 65_536, 0).BiasOffset, Throws.TypeOf<OverflowException>());
        Assert.That(() => new LinearLayer("late", 2, 2, int.MaxValue - 3).BiasOffset, Throws.TypeOf<OverflowException>());
    }

    private static void AssertNamed(string name, int value, TestDelegate create) => Assert.That(
        create, Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo(name).And.Message.Contains($"{name} is {value};"));
}
