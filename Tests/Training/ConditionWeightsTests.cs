using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>The base of shared components with weights per condition.</summary>
public sealed class ConditionWeightsTests
{
    private const int Rows = 4000;

    [Test]
    public void Conditions_share_components_and_differ_by_their_weights()
    {
        // Two clouds at -3 and 3: 20% and 70% of the rows lie in the upper one.
        BaseFlow flow = BaseFitter.Fit(
            TrainingSet.FromClasses("arm", 1, ("a", Clouds(1, 0.2)), ("b", Clouds(2, 0.7))), BaseChoice.Parse("weights:2"), [0], 1);
        BaseDensity a = flow.Densities[flow.NumberOf(new Condition(0))], b = flow.Densities[flow.NumberOf(new Condition(1))];
        int upper = a.Components[0].Mean[0] > 0 ? 0 : 1;
        Assert.Multiple(() =>
        {
            Assert.That(a.Components[upper].Mean[0], Is.EqualTo(b.Components[upper].Mean[0]));
            Assert.That(a.Components[upper].Weight, Is.EqualTo(0.2).Within(5 * Math.Sqrt(0.16 / Rows)));
            Assert.That(b.Components[upper].Weight, Is.EqualTo(0.7).Within(5 * Math.Sqrt(0.21 / Rows)));
            Assert.That(
                flow.Densities[flow.NumberOf(Condition.Empty(1))].Components[upper].Weight, Is.EqualTo(0.45).Within(5 * Math.Sqrt(0.25 / (2 * Rows))));
        });
    }

    [Test]
    public void A_condition_without_a_population_keeps_a_positive_weight()
    {
        BaseFlow flow = BaseFitter.Fit(
            TrainingSet.FromClasses("arm", 1, ("a", Clouds(1, 0)), ("b", Clouds(2, 0.5))), BaseChoice.Parse("weights:2"), [0], 1);
        double smallest = flow.Densities[flow.NumberOf(new Condition(0))].Components.Min(component => component.Weight);

        // One pseudo-row with the whole's weights, of which a quarter is in the upper cloud.
        Assert.That(smallest, Is.EqualTo(0.25 / (Rows + 1)).Within(0.05 / Rows));
    }

    [Test]
    public void A_dropped_covariate_has_the_weights_of_all_its_rows()
    {
        BaseFlow flow = BaseFitter.Fit(
            TrainingSet.FromClasses("arm", 1, ("a", Clouds(1, 0.2)), ("b", Clouds(2, 0.7))), BaseChoice.Parse("weights:2"), [0.2], 1);
        BaseDensity whole = flow.Densities[flow.NumberOf(Condition.Empty(1))];
        int upper = whole.Components[0].Mean[0] > 0 ? 0 : 1;
        Assert.That(whole.Components[upper].Weight, Is.EqualTo(0.45).Within(5 * Math.Sqrt(0.25 / (2 * Rows))));
    }

    private static float[] Clouds(ulong seed, double upper)
    {
        var random = new RandomData(seed);
        float[] noise = random.Normal(Rows), uniform = random.Uniform(Rows, 0, 1);
        return [.. noise.Select((value, r) => (0.5f * value) + (uniform[r] < upper ? 3 : -3))];
    }
}
