using FlowRatio.Applications;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Applications;

/// <summary>Flows that are their base: the known log-ratio against the integrated one.</summary>
public sealed class ClosedRatioTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void The_known_ratio_is_what_the_trajectory_integrates_to(bool standardized)
    {
        (TrainingSet set, TrainingOptions options) = Task("weights:3", standardized);
        FlowModel model = BaseModel.Fit(set, options, 0, CancellationToken.None);
        Assert.That(ClosedRatio.IsKnown(model));
        float[] points = new RandomData(5).Normal(40);
        using var estimator = new LogRatioEstimator(model, new EstimationOptions { Steps = 60 });
        IReadOnlyList<double> integrated = estimator.Estimate(points, new Condition(1), new Condition(0)).Values;
        double[] known = ClosedRatio.Of(model, points, new Condition(1), [new Condition(0)], 2, CancellationToken.None)[0];
        Assert.Multiple(() =>
        {
            // Float32 on the way, and sixty steps.
            Assert.That(known, Is.EqualTo(integrated).Within(2e-3));
            Assert.That(known.Max() - known.Min(), Is.GreaterThan(1));
        });
    }

    [Test]
    public void A_flow_with_a_network_of_its_own_is_not_known()
    {
        (TrainingSet set, TrainingOptions options) = Task("none", true);
        Assert.That(ClosedRatio.IsKnown(FlowTrainer.Train(set, options).Model), Is.False);
    }

    private static (TrainingSet Set, TrainingOptions Options) Task(string choice, bool standardized)
    {
        // Two clouds per condition, in other proportions.
        float[] a = Cloud(1, 0.3), b = Cloud(2, 0.7);
        var options = new TrainingOptions
        {
            Network = new NetworkShape(1, []) { HeadHidden = 8, HeadLayers = 2, DataHidden = 8 },
            Base = BaseChoice.Parse(choice),
            Schedule = PathSchedule.General(0.3, 0),
            Standardize = standardized,
            Steps = 3,
            BatchSize = 32,
        };
        return (TrainingSet.FromClasses("c", 2, ("a", a), ("b", b)), options);
    }

    private static float[] Cloud(ulong seed, double upper)
    {
        const int Rows = 600;
        var random = new RandomData(seed);
        float[] values = random.Normal(2 * Rows), places = random.Uniform(Rows, 0, 1);
        return [.. values.Select((value, i) => value + (places[i / 2] < upper ? 2 : -2))];
    }
}
