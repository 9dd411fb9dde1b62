using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training.Data;

/// <summary>Batches of independent pairs.</summary>
public sealed class PairSourceTests
{
    [Test]
    public void An_epoch_has_every_row_of_each_sample_once_and_pairs_them_anew()
    {
        const int count = 30;
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        float[] sources = [.. Enumerable.Range(0, count).Select(i => (float)i)], targets = [.. sources.Select(value => 100 + value)];
        using var pairs = new DataSetPairs(backend, sources, targets, 1, 10, 3);
        Matrix x0 = w.Output(10, 1), x1 = w.Output(10, 1);
        List<(double Source, double Target)> Epoch(int number)
        {
            List<(double, double)> all = [];
            for (int batch = 0; batch < count / 10; batch++)
            {
                pairs.Select((number * count / 10) + batch, x0, x1);
                all.AddRange(Workspace.Read(x0).Zip(Workspace.Read(x1)));
            }

            return all;
        }

        List<(double Source, double Target)> first = Epoch(0), second = Epoch(1);
        foreach (List<(double Source, double Target)> epoch in (List<(double, double)>[])[first, second])
        {
            Assert.That(epoch.Select(pair => pair.Source).Order(), Is.EqualTo(sources));
            Assert.That(epoch.Select(pair => pair.Target).Order(), Is.EqualTo(targets));
        }

        // Random pairings of 30 share one pair on average; were both samples shuffled alike, all would be shared.
        Assert.That(first.Intersect(second).Count(), Is.LessThan(10));
        Assert.That(first.Count(pair => pair.Target == pair.Source + 100), Is.LessThan(10));
        Assert.That(Epoch(0), Is.EqualTo(first), "the same numbers give the same pairs");
    }

    [Test]
    public void Samples_may_differ_in_size()
    {
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        using var pairs = new DataSetPairs(backend, [1, 2, 3], [10, 20, 30, 40, 50], 1, 15, 1);
        Matrix x0 = w.Output(15, 1), x1 = w.Output(15, 1);
        pairs.Select(0, x0, x1);
        Assert.That(Workspace.Read(x0).CountBy(value => value), Is.EquivalentTo(new Dictionary<double, int> { [1] = 5, [2] = 5, [3] = 5 }));
        Assert.That(
            Workspace.Read(x1).CountBy(value => value),
            Is.EquivalentTo(new Dictionary<double, int> { [10] = 3, [20] = 3, [30] = 3, [40] = 3, [50] = 3 }));
    }

    [Test]
    public void Bad_samples_are_named()
    {
        using var backend = new ReferenceBackend();
        Assert.That(() => new DataSetPairs(backend, [], [1], 1, 1, 1), Throws.ArgumentException.With.Message.Contains("sources has 0 values"));
        Assert.That(
            () => new DataSetPairs(backend, [1], [1, float.NaN], 1, 1, 1), Throws.ArgumentException.With.Message.Contains("targets has the value NaN"));
    }

    [Test]
    public void Generated_pairs_ask_for_the_batch()
    {
        using var backend = new ReferenceBackend();
        using var w = new Workspace(backend);
        using var pairs = new GeneratedPairs(
            1, (count, step) => [.. Enumerable.Repeat((float)step, count)], (count, step) => [.. Enumerable.Repeat(-(float)step, count)]);
        Matrix x0 = w.Output(4, 1), x1 = w.Output(4, 1);
        pairs.Select(7, x0, x1);
        Assert.That(Workspace.Read(x0), Is.All.EqualTo(7));
        Assert.That(Workspace.Read(x1), Is.All.EqualTo(-7));
    }
}
