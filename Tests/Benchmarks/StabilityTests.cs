using FlowRatio.Benchmarks.Stability;
using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The stability study: its choice of settings, its truths, and six small cells of it.</summary>
public sealed class StabilityTests
{
    [Test]
    public void Every_possible_pair_of_settings_occurs()
    {
        IReadOnlyList<StabilityCell> chosen = StabilityDesign.Choose(200);
        Assert.Multiple(() =>
        {
            Assert.That(chosen, Has.Count.EqualTo(200).And.Unique);
            Assert.That(chosen.SelectMany(StabilityDesign.Pairs).ToHashSet().SetEquals(StabilityDesign.Possible().SelectMany(StabilityDesign.Pairs)), Is.True);
        });
    }

    [Test]
    public void Log_ratios_are_those_of_the_rows([Values] StabilityShape shape)
    {
        // E over the second class of exp(log-ratio) is 1, and the log-ratio ranks its own class higher.
        var data = new StabilityData(new StabilityCell(2, 40_000, 1, shape, 1));
        (_, double[] truth) = data.Test(40_000);
        double[] first = truth[..20_000], second = truth[20_000..];
        Assert.That(first.Average(), Is.GreaterThan(second.Average()));
        if (shape != StabilityShape.Separated)
        {
            Assert.That(second.Average(Math.Exp), Is.EqualTo(1).Within(0.1));
            Assert.That(first.Average(value => Math.Exp(-value)), Is.EqualTo(1).Within(0.1));
        }
    }

    // Six small cells: no failure, no restart, and held-out losses that stay near their best.
    [TestCase(2, 2000, 1, StabilityShape.Gaussian)]
    [TestCase(1, 2000, 1, StabilityShape.Counts)]
    [TestCase(4, 200, 1, StabilityShape.HeavyTails)]
    [TestCase(2, 2000, 1, StabilityShape.OneOutlier)]
    [TestCase(4, 200, 1, StabilityShape.CollinearColumn)]
    [TestCase(2, 2000, 1, StabilityShape.Separated)]
    public void Small_cells_train_without_a_jump(int dimension, int rows, int imbalance, StabilityShape shape)
    {
        using var backend = new CpuBackend(1);
        StabilityRow row = StabilityRun.Execute(new StabilityCell(dimension, rows, imbalance, shape, 1), backend, steps: 300);
        Assert.Multiple(() =>
        {
            Assert.That(row.Failure, Is.Null);
            Assert.That(row.Restarts, Is.Zero);
            Assert.That(row.WorstExcess, Is.LessThan(0.3));
            Assert.That(row.IsGood, Is.True, row.ToString());
        });
    }
}
